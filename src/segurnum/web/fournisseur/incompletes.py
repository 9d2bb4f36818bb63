"""« Demandes importées non complétées »: completed, handed over, deleted, replaced, imported again.

INC-001 to INC-014. The one ZIP for all of them is in `envois`.
"""

from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from segurnum.comptes.auteurs import auteur
from segurnum.comptes.models import Profil
from segurnum.controles.fichiers import PIECE_ZIP, extension
from segurnum.controles.presentation import presenter
from segurnum.controles.problemes import en_nombre
from segurnum.demandes import recherche
from segurnum.demandes.models import Demande, PieceJustificative
from segurnum.demandes.permissions import peut_deposer
from segurnum.demandes.queries import de_l_entreprise, de_numero
from segurnum.depots import pieces, suites
from segurnum.depots.attentes import incompletes, manque, manques, pretes
from segurnum.depots.queries import depot_issu_de
from segurnum.kits.champs import joint, liste, proposer
from segurnum.kits.geste import faire
from segurnum.kits.selection import cochees
from segurnum.kits.tableau import Choix, Colonne, Tableau
from segurnum.kits.televersement import Televersement
from segurnum.regles.cycles import TypeDemande
from segurnum.seuil.acces import Requete, deposants, entreprise_de
from segurnum.seuil.arrivee import recu_le
from segurnum.seuil.limites import ENTREPRISE, HEURE, limite
from segurnum.web.commun.tableur import DEMANDES, champ_demandes, est_un_tableur
from segurnum.web.fournisseur.acces import consultation, geste, saisie
from segurnum.web.fournisseur.envois import depot_de
from segurnum.web.fournisseur.recherches import FormulairePeriode, au_choix

PIECE = Televersement("fichier", PIECE_ZIP)
FICHIER = Televersement("fichier", DEMANDES, "le fichier n'a qu'une demande", garde=False)


class FormulaireIncompletes(FormulairePeriode):
    """The criteria of the screen (INC-003)."""

    numero = forms.CharField(label="Numéro de demande", required=False, max_length=14)
    type_demande = au_choix("Type", TypeDemande)

    field_order = ["numero", "type_demande", "du", "au"]


LISTE = Tableau(
    "liste-incompletes",
    "Liste des demandes non complétées",
    (
        Colonne("numero", "Numéro demande", None, ("numero",), cellule="dossier.numero", titre=True),
        Colonne("type", "Type", None, ("type",), cellule="type.libelle"),
        Colonne("editeur", "N° Éditeur", None, ("numero_editeur",), cellule="numero_editeur"),
        Colonne(
            "montant",
            "MontantSegurHT",
            None,
            ("montant_declare",),
            cellule="montant_declare|euros",
            nombre=True,
        ),
        Colonne("depot", "Date de dépôt", None, ("depose_le",), cellule="depose_le|jour", insecable=True),
        Colonne(
            "expiration", "Date d'expiration", None, ("expire_le",), cellule="expire_le|jour", insecable=True
        ),
        Colonne("pieces", "Pièce(s) jointe(s)", cellule="fournisseur/cellules/pieces_attendues.html"),
    ),
    ordre=("expire_le", "pk"),
    vide="Toutes vos demandes ont leurs pièces : aucune n'est incomplète.",
    legende_lue=True,
    choix=Choix("demande", lambda ligne: ligne.pk, lambda ligne: f"la demande {ligne.numero}", "une demande"),
)


def _lignes(requete: Requete) -> Any:
    return incompletes(entreprise_de(requete)).select_related("dossier")


@consultation(profil=Profil.FOURNISSEUR)
def toutes(requete: Requete) -> HttpResponse:
    form = FormulaireIncompletes(requete.GET)
    lignes = _lignes(requete)
    criteres = form.cleaned_data if form.is_valid() else {}
    trouvees = recherche.selon(lignes, criteres) if form.is_valid() else lignes.none()
    if numero := criteres.get("numero"):
        trouvees = trouvees.filter(recherche.contenant(numero, "numero"))
    contexte = {
        "titre": "Demandes importées non complétées",
        "fil": "Suivi des demandes incomplètes",
        "form": form,
        "recherche": "fournisseur/fragments/recherche_incompletes.html",
        "affiche": LISTE.lire(
            trouvees, requete.GET, criteres=any(criteres.values()), presenter=_avec_leurs_manques
        ),
        "pretes": pretes(lignes).count(),
    }
    return render(requete, "fournisseur/incompletes.html", contexte)


def _avec_leurs_manques(demandes: list[Demande]) -> list[Demande]:
    for lacune in manques(demandes):
        lacune.demande.lacune = lacune  # type: ignore[attr-defined]
    return demandes


@geste(deposants, profil=Profil.FOURNISSEUR)
def supprimer(requete: Requete) -> HttpResponse:
    """« Supprimer », for what is ticked (INC-011)."""

    def agir() -> None:
        cles = list(
            _lignes(requete)
            .filter(pk__in=cochees(LISTE, _lignes(requete), requete))
            .values_list("pk", flat=True)
        )
        faites = suites.supprimer(demandes_choisies=cles, auteur=auteur(requete.user))
        messages.success(
            requete,
            f"{en_nombre(faites, 'demande supprimée', 'demandes supprimées')}. Ce qu'elles déclaraient se relit un "
            "an sur la page de leur import.",
        )

    return faire(requete, agir, reverse("fournisseur:incompletes"))


@geste(deposants, profil=Profil.FOURNISSEUR)
def terminer(requete: Requete) -> HttpResponse:
    """« Terminer » for all those whose pieces are there."""

    def agir() -> None:
        parties = pieces.transmettre(lignes=_lignes(requete), auteur=auteur(requete.user))
        messages.success(
            requete,
            f"{en_nombre(parties, 'demande transmise', 'demandes transmises')} aux gestionnaires.",
        )

    return faire(requete, agir, reverse("fournisseur:incompletes"))


def incomplete_de(requete: Requete, numero: str) -> Demande:
    """An incomplete request of this company, by its number; 404 for another's as for none."""
    ligne = de_numero(incompletes(entreprise_de(requete)), numero)
    if ligne is None:
        raise Http404
    return ligne


class FormulairePieceAnnoncee(forms.Form):
    """« + Ajouter »: which announced piece, and its file."""

    use_required_attribute = False
    piece = liste("Pièce annoncée", "Choisissez la pièce que ce fichier est.", "– Choisissez une pièce –")
    fichier = joint(PIECE_ZIP, "Fichier de la pièce", "Choisissez le fichier de la pièce.")

    def __init__(self, annoncees: list[PieceJustificative], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.annoncees = {str(piece.pk): piece for piece in annoncees}
        ordre = sorted(annoncees, key=lambda piece: not manque(piece))
        proposer(
            self, "piece", ((str(p.pk), f"{p.nom}{'' if manque(p) else ' (déjà reçue)'}") for p in ordre)
        )
        if ordre and manque(ordre[0]):
            self.fields["piece"].initial = str(ordre[0].pk)

    def clean(self) -> dict[str, Any]:
        propre: dict[str, Any] = super().clean() or self.cleaned_data
        piece, fichier = self.annoncees.get(propre.get("piece", "")), propre.get("fichier")
        envoye = extension(getattr(fichier, "nom", "") or getattr(fichier, "name", ""))
        if piece and fichier and envoye != extension(piece.nom):
            self.add_error(
                "fichier",
                f"La pièce est annoncée au format .{extension(piece.nom)} et le fichier est un .{envoye} : choisissez "
                "le fichier annoncé, ou remplacez les données de la demande.",
            )
        return propre


@PIECE.recoit
@saisie(deposants, profil=Profil.FOURNISSEUR)
@limite("pieces", ENTREPRISE, 600, HEURE)
def completer(requete: Requete, numero: str) -> HttpResponse:
    """« + Ajouter »: one incomplete request, its announced pieces, and the file of one of them (INC-007)."""
    deja = de_numero(de_l_entreprise(entreprise_de(requete)), numero)
    if deja is not None and deja.expire_le is None:  # handed over meanwhile
        return redirect("fournisseur:demande", numero)
    ligne = incomplete_de(requete, numero)
    annoncees = list(ligne.pieces.select_related("fichier").order_by("pk"))

    def joindre(form: FormulairePieceAnnoncee) -> HttpResponse:
        piece = form.annoncees[form.cleaned_data["piece"]]
        pieces.ajouter(
            demande=ligne,
            piece=piece.pk,
            fichier=form.cleaned_data["fichier"].fichier,
            auteur=auteur(requete.user),
            recu_le=recu_le(requete),
        )
        messages.success(requete, f"La pièce « {piece.nom} » est reçue.")
        return redirect("fournisseur:completer", numero)

    def page(form: FormulairePieceAnnoncee, statut: int) -> HttpResponse:
        contexte = {
            "demande": ligne,
            "form": form,
            "annoncees": [{"piece": piece, "manque": manque(piece)} for piece in annoncees],
            "prete": not any(map(manque, annoncees)) and peut_deposer(requete.user),
        }
        return render(requete, "fournisseur/completer.html", contexte, status=statut)

    return PIECE.servir(requete, partial(FormulairePieceAnnoncee, annoncees), joindre, page)


@geste(deposants, profil=Profil.FOURNISSEUR)
def transmettre(requete: Requete, numero: str) -> HttpResponse:
    """« Terminer » for one request."""
    ligne = incomplete_de(requete, numero)
    agir = partial(
        pieces.transmettre,
        lignes=incompletes(entreprise_de(requete)).filter(pk=ligne.pk),
        auteur=auteur(requete.user),
    )
    return faire(
        requete,
        agir,
        reverse("fournisseur:demande", args=[numero]),
        refuse=reverse("fournisseur:completer", args=[numero]),
        fait=f"La demande {numero} est transmise aux gestionnaires.",
    )


class FormulaireRemplacant(forms.Form):
    fichier = champ_demandes(help_text="Un fichier .json d'une seule demande, celle qui remplace celle-ci.")

    def clean_fichier(self) -> Any:
        fichier = self.cleaned_data["fichier"]
        if est_un_tableur(fichier.name):
            raise forms.ValidationError(
                "Une demande se remplace par un fichier .json : convertissez d'abord votre tableur."
            )
        return fichier


@FICHIER.recoit
@saisie(deposants, profil=Profil.FOURNISSEUR)
@limite("simulations", ENTREPRISE, 300, HEURE, quoi="simulations")
def remplacer(requete: Requete, numero: str) -> HttpResponse:
    """The data of one incomplete request, imported again; its pieces that are announced again are kept."""
    ligne = incomplete_de(requete, numero)

    def importer(form: FormulaireRemplacant) -> HttpResponse:
        fichier = form.cleaned_data["fichier"]
        try:
            depot = suites.remplacer(
                demande=ligne,
                nom_fichier=fichier.name,
                octets=fichier.read(),
                auteur=auteur(requete.user),
                recu_le=recu_le(requete),
            )
        except suites.RemplacantRefuse as refus:
            form.add_error("fichier", str(refus))
            return page(form, 422, rapport=presenter(refus.rapport), suites=[])
        messages.success(requete, f"La demande {numero} est remplacée par celle de l'import {depot.pk}.")
        return redirect("fournisseur:pieces", depot.pk)

    def page(form: FormulaireRemplacant, statut: int, **rapport: Any) -> HttpResponse:
        contexte = {"demande": ligne, "form": form, **rapport}
        return render(requete, "fournisseur/remplacer.html", contexte, status=statut)

    return FICHIER.servir(requete, FormulaireRemplacant, importer, page)


@consultation(profil=Profil.FOURNISSEUR)
def supprimees(requete: Requete, depot: int) -> HttpResponse:
    """What was deleted of an import, as it was declared, for a year."""
    ligne = depot_de(requete, depot)
    lignes = suites.supprimees(ligne)
    restent = any(une.ligne.reimportee_par_id is None for une in lignes)
    contexte = {
        "depot": ligne,
        "lignes": lignes,
        "peut_reimporter": restent and peut_deposer(requete.user),
    }
    return render(requete, "fournisseur/supprimees.html", contexte)


@geste(deposants, profil=Profil.FOURNISSEUR)
@limite("imports", ENTREPRISE, 100, HEURE, quoi="imports")
def reimporter(requete: Requete, depot: int) -> HttpResponse:
    """« Importer de nouveau »: in one click where what was deleted still conforms, else its report."""
    ligne = depot_de(requete, depot)

    def agir() -> HttpResponse:
        simulation = suites.reimporter(depot=ligne, auteur=auteur(requete.user), recu_le=recu_le(requete))
        nouveau = depot_issu_de(simulation)
        if nouveau is None:
            messages.warning(
                requete, "Ces demandes ne peuvent pas être importées telles quelles : lisez pourquoi."
            )
            return redirect("fournisseur:simulation", simulation.pk)
        messages.success(requete, f"Les demandes supprimées sont importées de nouveau : import {nouveau.pk}.")
        return redirect("fournisseur:depot", nouveau.pk)

    return faire(requete, agir, reverse("fournisseur:supprimees", args=[depot]))
