"""« Importer mes demandes »: simulate a file, import it, read what became of each request (JSN-001 to JSN-015).

Step 2, « Pièces jointes », is in `envois`.
"""

from collections.abc import Sequence
from decimal import Decimal
from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from segurnum import couloirs
from segurnum.comptes.auteurs import auteur
from segurnum.comptes.models import Profil
from segurnum.controles import Rapport
from segurnum.controles.presentation import presenter
from segurnum.demandes.permissions import peut_deposer
from segurnum.depots import comptes_rendus, services, tableurs
from segurnum.depots.exemples import source
from segurnum.depots.models import Simulation
from segurnum.depots.queries import depot_issu_de, derniere_simulation
from segurnum.enrolements.models import Enrolement
from segurnum.enrolements.queries import qui_deposent_en_json
from segurnum.fichiers.documents import Document, Genre
from segurnum.kits.geste import faire
from segurnum.kits.tableau import page_de
from segurnum.kits.televersement import Televersement
from segurnum.recepisses.queries import recepisses_sur
from segurnum.referentiel.queries import annonce, echeances
from segurnum.regles.argent import TAUX_TVA_PERMIS, en_taux
from segurnum.regles.cycles import TypeDemande
from segurnum.seuil.acces import Requete, deposants, entreprise_de
from segurnum.seuil.arrivee import recu_le
from segurnum.seuil.documents import json_de_sortie, json_depose
from segurnum.seuil.limites import ENTREPRISE, HEURE, limite
from segurnum.seuil.telechargements import donner, envoyer, sert
from segurnum.web.commun.tableur import DEMANDES, champ_demandes, est_un_tableur, suites_tenues
from segurnum.web.fournisseur.acces import consultation, geste, saisie
from segurnum.web.fournisseur.envois import depot_de
from segurnum.web.fournisseur.rapport_simulation import simulation_de, suites

FICHIER = Televersement(
    "fichier",
    DEMANDES,
    "partagez les demandes entre plusieurs fichiers, de 200 demandes au plus",
    garde=False,
)


class SelectEnrolement(forms.Select):
    """Each ANS number carries the VAT rate of its enrolment, which a script copies into the rate's field."""

    taux: dict[str, str]

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option: dict[str, Any] = super().create_option(name, value, *args, **kwargs)
        option["attrs"]["data-taux"] = self.taux.get(str(value), "")
        return option


class FormulaireImport(forms.Form):
    """The four fields of « Importer mes demandes » (JSN-004 to JSN-007)."""

    type_demande = forms.ChoiceField(
        label="Type de demande", choices=[(type_.value, type_.libelle) for type_ in TypeDemande]
    )
    enrolement = forms.ChoiceField(
        label="Numéro ANS", widget=SelectEnrolement(attrs={"data-choix-taux": "id_taux_tva"})
    )
    taux_tva = forms.TypedChoiceField(
        label="Taux de TVA",
        coerce=Decimal,
        choices=[(str(taux), en_taux(taux)) for taux in sorted(TAUX_TVA_PERMIS, reverse=True)],
    )
    fichier = champ_demandes(
        label="Choisissez le fichier",
        error_messages={"required": "Choisissez le fichier JSON ou le tableur à simuler."},
    )

    def __init__(
        self, enrolements: Sequence[Enrolement], *args: Any, derniers: Simulation | None = None, **kwargs: Any
    ) -> None:
        """`derniers`: the file that was simulated before, whose type, ANS number and rate are proposed again."""
        super().__init__(*args, **kwargs)
        self.enrolements = {str(enrolement.pk): enrolement for enrolement in enrolements}
        champ = self.fields["enrolement"]
        champ.choices = [(cle, _libelle(enrolement)) for cle, enrolement in self.enrolements.items()]  # type: ignore[attr-defined]
        champ.widget.taux = {cle: _taux(enrolement) for cle, enrolement in self.enrolements.items()}
        if enrolements:
            self.fields["taux_tva"].initial = _taux(enrolements[0])
        if derniers and str(derniers.enrolement_id) in self.enrolements:
            self.initial.update(
                type_demande=derniers.type.value,
                enrolement=str(derniers.enrolement_id),
                taux_tva=_parmi_les_permis(derniers.taux_tva),
            )

    def clean_enrolement(self) -> Enrolement:
        return self.enrolements[self.cleaned_data["enrolement"]]


def _libelle(enrolement: Enrolement) -> str:
    couloir = couloirs.par_dsr(enrolement.referencement.dsr)
    reserve = "" if enrolement.ouvre_au_depot else " - enrôlement à valider : simulation seulement"
    return f"{enrolement.referencement.numero_ans} - {couloir.libelle}{reserve}"


def _taux(enrolement: Enrolement) -> str:
    return _parmi_les_permis(enrolement.taux_du_jour)


def _parmi_les_permis(lu: Decimal) -> str:
    """A rate as its choice is written."""
    return next((str(taux) for taux in TAUX_TVA_PERMIS if taux == lu), "")


@FICHIER.recoit
@saisie(deposants, profil=Profil.FOURNISSEUR)
@limite("simulations", ENTREPRISE, 300, HEURE, quoi="simulations")
def importer(requete: Requete) -> HttpResponse:
    """The four fields, and « Simuler »."""
    enrolements = list(qui_deposent_en_json(entreprise_de(requete)))

    def simuler(form: FormulaireImport) -> HttpResponse:
        saisie = form.cleaned_data
        fichier = saisie["fichier"]
        demande: dict[str, Any] = {
            "enrolement": saisie["enrolement"],
            "auteur": auteur(requete.user),
            "type_demande": TypeDemande(saisie["type_demande"]),
            "taux_tva": saisie["taux_tva"],
            "nom_fichier": fichier.name,
            "octets": fichier.read(),
        }
        quand = recu_le(requete)
        if not est_un_tableur(fichier.name):
            return redirect(
                "fournisseur:simulation", services.simuler(**demande, recu_le=quand).simulation.pk
            )
        resultat = tableurs.simuler(**demande, recu_le=quand)
        if resultat.simulation is None:
            juge = resultat.rapport
            gardes = suites_tenues(juge, None, fichier.name)
            return page(form, 422, nom=fichier.name, rapport=presenter(juge), suites=gardes)
        for remarque in resultat.conversion.remarques:
            messages.info(
                requete, f"{remarque.chemin} : {remarque.message}" if remarque.chemin else remarque.message
            )
        return redirect("fournisseur:simulation", resultat.simulation.pk)

    def page(form: FormulaireImport, statut: int, **rapport: Any) -> HttpResponse:
        exemples = source()
        contexte = {
            "form": form,
            "etape": "simulation",
            "fenetres": echeances({un.referencement.dsr for un in enrolements}, recu_le(requete)),
            "exemples": exemples.catalogue(entreprise_de(requete)) if exemples and enrolements else [],
            **rapport,
        }
        return render(requete, "fournisseur/importation.html", contexte, status=statut)

    derniers = derniere_simulation(entreprise_de(requete), requete.user)
    return FICHIER.servir(requete, partial(FormulaireImport, enrolements, derniers=derniers), simuler, page)


@consultation(profil=Profil.FOURNISSEUR)
def simulation(requete: Requete, simulation: int) -> HttpResponse:
    """The report, on the state of today; « Importer » takes this very file."""
    ligne = simulation_de(requete, simulation)
    depot = depot_issu_de(ligne)
    contexte: dict[str, Any] = {
        "etape": "simulation",
        "simulation": ligne,
        "type_demande": TypeDemande(ligne.type),
        "depot": depot,
        "peut_importer": False,
        "reprise": _reprise(requete, ligne),
        "fenetre": annonce(ligne.enrolement.referencement.dsr, TypeDemande(ligne.type), recu_le(requete)),
    }
    if depot is None:
        contexte |= _etat_du_jour(requete, ligne, services.rejouer(ligne, recu_le=recu_le(requete)))
    return render(requete, "fournisseur/simulation.html", contexte)


def _reprise(requete: Requete, ligne: Simulation) -> FormulaireImport | None:
    """Where the corrected file is dropped, on the report itself, under the same choices; None for who only reads."""
    return FormulaireImport([ligne.enrolement], derniers=ligne) if peut_deposer(requete.user) else None


def _etat_du_jour(requete: Requete, ligne: Simulation, rapport: Rapport) -> dict[str, Any]:
    conforme = rapport.conforme
    dsr = ligne.enrolement.referencement.dsr
    presente = presenter(rapport)
    return {
        "rapport": presente,
        "suites": suites(ligne, presente),
        "conforme": conforme,
        "recap": comptes_rendus.recap(rapport, TypeDemande(ligne.type), dsr, ligne.entreprise_id)
        if conforme
        else None,
        "rejets": len(rapport.demandes_rejetees()),
        # The file was right, and something happened since: what is still right may be imported.
        "change": ligne.conforme != conforme,
        "peut_importer": ligne.conforme and not rapport.erreurs_fichier() and peut_deposer(requete.user),
    }


@geste(deposants, profil=Profil.FOURNISSEUR)
@limite("imports", ENTREPRISE, 100, HEURE, quoi="imports")
def importer_simulation(requete: Requete, simulation: int) -> HttpResponse:
    ligne = simulation_de(requete, simulation)

    def agir() -> HttpResponse:
        depot = services.importer(simulation=ligne.pk, auteur=auteur(requete.user), recu_le=recu_le(requete))
        return redirect("fournisseur:depot", depot.pk)

    return faire(requete, agir, reverse("fournisseur:simulation", args=[ligne.pk]))


@consultation(profil=Profil.FOURNISSEUR)
def depot(requete: Requete, depot: int) -> HttpResponse:
    """« Compte rendu de l'import » (JSN-013, JSN-014)."""
    ligne = depot_de(requete, depot)
    contexte = {
        "etape": "importation",
        "depot": ligne,
        "page": page_de(requete, comptes_rendus.resultats(ligne)),
        "supprimees": comptes_rendus.a_des_supprimees(ligne),
        "recepisses": recepisses_sur(ligne.entreprise, ligne.sujet),
    }
    return render(requete, "fournisseur/depot.html", contexte)


_lue = consultation(profil=Profil.FOURNISSEUR)
# The output file, with the number of each request (JSN-053); the file as it was deposited, byte for byte.
sortie = _lue(donner(json_de_sortie, depot_de, Genre.IMPORT))
entree = _lue(donner(json_depose, depot_de, Genre.IMPORT))


@consultation(profil=Profil.FOURNISSEUR)
@sert(Genre.EXEMPLE)
def exemple(requete: Requete, nom: str) -> HttpResponseBase:
    """A sample of the demonstration, ready to be deposited by this company."""
    exemples = source()
    if exemples is None:
        raise Http404
    try:
        octets, _ = exemples.lire(nom, entreprise_de(requete))
    except KeyError as inconnu:
        raise Http404 from inconnu
    return envoyer(requete, Document(genre=Genre.EXEMPLE, objet=f"exemple:{nom}", nom=nom), octets)
