"""The counter at which an enrolment is filled in: what each sending comes to, whoever sends it (ENR-009 to ENR-081).

A sending is read once, decided, written in one call, and answered once.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from segurnum.controles.fichiers import PIECE_FORMULAIRE
from segurnum.enrolements import brouillons
from segurnum.enrolements.brouillons import BrouillonIntrouvable, PieceAJoindre, Recu
from segurnum.enrolements.declaration import Declaration
from segurnum.enrolements.models import Brouillon
from segurnum.enrolements.pieces import PIECES_DU_NUMERO, TypePiece
from segurnum.kits.champs import contenu
from segurnum.regles.erreurs import GesteImpossible, SaisieDepassee
from segurnum.seuil.arrivee import recu_le
from segurnum.seuil.televersement import trop_gros
from segurnum.seuil.version_saisie import envoi_de, gardee, non_gardee, sans_page
from segurnum.web.commun.enrolement.formulaires import FormulaireEtape, FormulaireNumero
from segurnum.web.commun.enrolement.parcours import Etape, Parcours

RETIRER = "retirer:"
SUIVI = "lien_de_suivi"  # where the session keeps the digest of the request that it follows
TROP_GROS = (
    f"L'envoi dépasse la taille permise : chaque fichier doit peser {PIECE_FORMULAIRE.limite_exacte} au plus. "
    "Les fichiers de cet envoi n'ont pas été gardés."
)
EFFACEE = "Votre saisie est effacée : ni valeur ni fichier n'ont été conservés."


@dataclass(frozen=True)
class Decision:
    """What a sending comes to. `saisie`: what its step then holds, with its files; None where nothing is to be kept.

    `vers`: the address that it leads to; without one the page comes again, with these forms. `declaration`: what is
    handed over once kept.
    """

    saisie: dict[str, Any] | None = None
    joindre: Sequence[PieceAJoindre] = ()
    retirer: Collection[TypePiece] = ()
    declaration: Declaration | None = None
    vers: str = ""
    statut: int = 200
    form: Any = None
    recherche: Any = None
    question: bool = False
    alerte: str = ""


AFFICHEE = Decision()


class Guichet:
    """One request about a step. A face says how its draft is found, begun, decided upon and shown."""

    gabarit: str
    recepisse: str  # where the session keeps the number of what was sent
    confirmation: str  # the route that shows it
    perdu: str  # what is said of a draft that is gone
    suivi: str  # the route that follows what was sent

    def __init__(self, requete: HttpRequest, etape: Etape) -> None:
        self.requete = requete
        self.etape = etape
        self.parcours = self.lire()

    def lire(self) -> Parcours:
        raise NotImplementedError

    def creer(self) -> Brouillon:
        raise NotImplementedError

    def decider(self, geste: str) -> Decision:
        """Raises BrouillonIntrouvable where the gesture needs a draft."""
        raise NotImplementedError

    def formulaire(self) -> Any:
        """The form of the step, as the draft keeps it."""
        return self.parcours.formulaire(self.etape)

    def recherche(self) -> Any:
        """The form that comes before it."""
        return FormulaireNumero(initial=self.parcours.saisie(self.etape))

    def contexte(self, form: Any) -> dict[str, Any]:
        """What its page shows besides."""
        raise NotImplementedError

    def adresse(self, etape: Etape) -> str:
        raise NotImplementedError

    @property
    def depot(self) -> Mapping[str, Any]:
        """Who hands over, and for whom."""
        raise NotImplementedError

    # --- The way of a request

    def repondre(self) -> HttpResponse:
        if self.requete.method != "POST":
            return self.montrer(AFFICHEE)
        decision = AFFICHEE
        try:
            decision = self.decider(self.requete.POST.get("geste", "suivante"))
            recu = self._ecrire(decision)
        except BrouillonIntrouvable:
            return non_gardee() if sans_page(self.requete) else self.dire_perdu()
        except GesteImpossible as refus:
            return self._refuser(decision, refus)
        if sans_page(self.requete):
            return gardee()
        return self._conclure(decision, recu)

    def _ecrire(self, decision: Decision) -> Recu:
        if decision.saisie is None and decision.declaration is None:
            return Recu()
        envoi = envoi_de(self.requete)
        ligne = self.parcours.brouillon
        if ligne is None:
            ligne = self.creer()
            envoi = replace(envoi, version=ligne.version)
        return brouillons.recevoir(
            brouillon=ligne.pk,
            etape=self.etape.cle,
            saisie=decision.saisie,
            envoi=envoi,
            joindre=decision.joindre,
            retirer=decision.retirer,
            declaration=decision.declaration,
            recu_le=recu_le(self.requete),
            **self.depot,
        )

    def _conclure(self, decision: Decision, recu: Recu) -> HttpResponse:
        if recu.enrolement is not None:
            numero, instant = f"{recu.enrolement.numero}M0", recu.enrolement.depose_le.isoformat()
            self.requete.session[self.recepisse] = [numero, instant, recu.enrolement.courriel]
            if recu.enrolement.empreinte_suivi:
                self.requete.session[SUIVI] = recu.enrolement.empreinte_suivi
            self.quitter()
            return redirect(self.confirmation)
        if decision.vers:
            return redirect(decision.vers)
        if recu.garde is not None:
            self.parcours = self.parcours.avec(recu.garde)
        if recu.refus:
            decision.form.add_error(None, recu.refus)
            decision = replace(decision, statut=409)
        return self.montrer(decision)

    def _refuser(self, decision: Decision, refus: GesteImpossible) -> HttpResponse:
        """Nothing was kept: what was typed is shown again, with why, on top of what the draft holds now."""
        if sans_page(self.requete):
            return non_gardee(refus)
        if isinstance(refus, SaisieDepassee):
            return redirect(self.requete.path)
        self.parcours = self.lire()
        if self.parcours.brouillon is None:
            return self.dire_perdu()
        if self.etape.rang > self.parcours.a_completer.rang:
            messages.warning(self.requete, str(refus))
            return redirect(self.adresse(self.parcours.a_completer))
        saisie_de_l_etape = decision.saisie is not None and decision.form is not None
        form = self.parcours.formulaire(self.etape, self.requete.POST) if saisie_de_l_etape else None
        return self.montrer(Decision(statut=409, alerte=str(refus), form=form))

    def montrer(self, decision: Decision) -> HttpResponse:
        form = decision.form or self.formulaire()
        communs = {
            "parcours": self.parcours,
            "version": self.parcours.version,
            "form": form,
            "recherche": decision.recherche or self.recherche(),
            "alerte": decision.alerte,
            "question": decision.question,
        }
        contexte = communs | self.contexte(form)
        return render(self.requete, self.gabarit, contexte, status=decision.statut)

    # --- What the gestures come to

    def chercher_le_numero(self, form: FormulaireNumero) -> Decision:
        """« Rechercher » an ANS number begins the draft, or begins its step again."""
        if not form.is_valid():
            return Decision(statut=422, recherche=form)
        return Decision({"numero_ans": form.cleaned_data["numero_ans"]}, vers=self.requete.path)

    def oublier_le_numero(self) -> Decision:
        """« Réinitialiser »: the files that went with the number are no longer right (ENR-019)."""
        return Decision({}, retirer=PIECES_DU_NUMERO, vers=self.requete.path)

    def garder(
        self,
        form: FormulaireEtape,
        *,
        sans: Callable[[dict[str, Any]], dict[str, Any]] = dict,
        oublier: Collection[TypePiece] = (),
    ) -> Decision:
        """Keep what was typed, right or wrong, and each file that passed its checks, even beside errors; the form then
        shows these as kept. `sans`: what is dropped of what was typed, with the pieces of `oublier`.
        """
        form.is_valid()
        lue = form.tel_que_saisi()
        if trop_gros(self.requete):  # what comes after the file was not read
            lue = {nom: texte for nom, texte in lue.items() if nom in form.data}
        recues = {form.champs_pieces[nom].type_piece: fichier for nom, fichier in form.recues.items()}
        retire = form.champs_pieces.get(self.requete.POST.get("geste", "").removeprefix(RETIRER))
        decision = Decision(
            saisie=sans(self.parcours.saisie(self.etape) | lue),
            joindre=[
                PieceAJoindre(t, *contenu(fichier)) for t, fichier in recues.items() if t not in oublier
            ],
            retirer=[*oublier, *([retire.type_piece] if retire else [])],
            form=form,
        )
        form.retenir()
        if not trop_gros(self.requete):
            return replace(decision, vers=self.requete.path)
        form.add_error(None, TROP_GROS)
        return replace(decision, statut=413)

    # --- The ways out

    def dire_perdu(self) -> HttpResponse:
        """The draft is gone: because it was just sent (« Terminer » twice), or for good."""
        self.quitter()
        if self.requete.session.get(self.recepisse):
            return redirect(self.confirmation)
        messages.error(self.requete, self.perdu)
        return redirect(self.adresse(self.parcours.depart))

    def quitter(self) -> None:
        """This person fills in no draft any more."""

    def effacer(self, suite: str) -> HttpResponse:
        """« Quitter sans enregistrer »: really erase (ENR-012)."""
        if self.parcours.brouillon is not None:
            brouillons.effacer(brouillon=self.parcours.brouillon.pk)
            self.quitter()
            messages.success(self.requete, EFFACEE)
        return redirect(suite)

    @classmethod
    def confirmer(cls, requete: HttpRequest, sinon: str, suite: str) -> HttpResponse:
        """« Confirmation »: the number to keep, and when it was received (ENR-059, ENR-079)."""
        garde = requete.session.get(cls.recepisse)
        if not garde:
            return redirect(sinon)
        numero, instant, courriel = (*garde, "")[:3]
        contexte = {
            "numero": numero,
            "recu_le": datetime.fromisoformat(instant),
            "courriel": courriel,
            "suite": reverse(suite),
            "suivi": reverse(cls.suivi),
        }
        return render(requete, "commun/enrolement/enregistre.html", contexte)
