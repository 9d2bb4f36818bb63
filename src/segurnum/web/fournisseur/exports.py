"""What a supplier takes away: its requests and their beneficiaries for a spreadsheet, the pieces of its dossiers.

EXP-001 to EXP-007.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from django import forms
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode

from segurnum import couloirs
from segurnum.comptes.models import Profil
from segurnum.demandes.queries import de_l_entreprise, dsr_de
from segurnum.fichiers.documents import Document, Genre
from segurnum.kits.champs import liste, proposer
from segurnum.kits.export import en_csv
from segurnum.kits.tableau import Colonne
from segurnum.paiements.queries import beneficiaires_a_exporter, demandes_a_exporter
from segurnum.regles.calendrier import jour_de_paris, maintenant
from segurnum.regles.cycles import TypeDemande
from segurnum.seuil.acces import Requete, entreprise_de
from segurnum.seuil.limites import HEURE, PERSONNE, limite
from segurnum.seuil.telechargements import envoyer, sert
from segurnum.web.fournisseur.acces import consultation, geste, pour_cette_entreprise

# Labels rather than codes, the software rather than its DSR.
_SUITE = (
    Colonne("type", "Type"),
    Colonne("statut", "Statut"),
    Colonne("statut_depuis", "Date de changement de statut"),
    Colonne("dsr", "Logiciel", export=lambda lue: couloirs.par_dsr(lue["dsr"]).logiciel),
    Colonne("depose_le", "Date de dépôt"),
    Colonne("date_commande", "Date de commande"),
    Colonne("numero_editeur", "N° éditeur"),
    Colonne("etat_paiement", "Etat de paiement"),
    Colonne("paye_le", "Date du paiement"),
    Colonne("montant_declare", "Montant déclaré SEGUR HT"),
    Colonne("montant_paye", "Montant payé (fonction du régime TVA)"),
)
COLONNES_DEMANDES = (Colonne("numero", "N° ASP"), *_SUITE)


def colonnes_beneficiaires(couloir: couloirs.Couloir) -> tuple[Colonne, ...]:
    """Each couloir identifies its beneficiaries in its own way (EXP-004)."""
    return (
        Colonne("numero", "N° de la demande"),
        *_SUITE,
        Colonne("dossier__enrolement__referencement__numero_ans", "N°ANS"),
        Colonne(
            "beneficiaires__identifiants",
            couloir.format(TypeDemande.AVANCE).places.libelle_identifiant,
            export=lambda lue: ", ".join(lue["beneficiaires__identifiants"]),
        ),
        Colonne("beneficiaires__nom", "Nom du client"),
        Colonne("beneficiaires__courriel", "E-mail du client"),
        Colonne("beneficiaires__telephone", "Téléphone du client"),
        Colonne("beneficiaires__raison_sociale", "Raison sociale client"),
    )


class FormulaireExport(forms.Form):
    """« Exporter vos bénéficiaires »: one couloir at a time, among those of the company's requests (EXP-004)."""

    couloir = liste(
        "Couloir",
        "Sélectionnez d'abord un couloir : l'identifiant des bénéficiaires en dépend.",
        "Veuillez sélectionner un couloir",
        autre="Vous n'avez aucune demande dans ce couloir : choisissez-en un de la liste.",
    )

    def __init__(self, dsr: Sequence[str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        proposes = map(couloirs.par_dsr, dsr)
        proposer(self, "couloir", ((un.dsr, un.libelle_vague) for un in proposes))


@consultation(profil=Profil.FOURNISSEUR)
def exporter_demandes(requete: Requete) -> HttpResponse:
    contexte = {
        "titre": "Exporter vos demandes de financement",
        "aucun": "aucune demande de financement",
        "quoi": "Toutes vos demandes de financement, tous couloirs confondus, dans un fichier CSV : une ligne par "
        "demande, la plus récente d'abord.",
        "adresse": reverse("fournisseur:demandes_csv"),
        "quelque_chose": de_l_entreprise(entreprise_de(requete)).exists(),
        "colonnes": COLONNES_DEMANDES,
    }
    return render(requete, "fournisseur/exports.html", contexte)


@consultation(profil=Profil.FOURNISSEUR)
def exporter_beneficiaires(requete: Requete) -> HttpResponse:
    """« Vous devez d'abord sélectionner un couloir »: what was chosen wrong comes back here."""
    dsr = dsr_de(entreprise_de(requete))
    contexte = {
        "titre": "Exporter vos bénéficiaires",
        "aucun": "aucun bénéficiaire",
        "quoi": "Les bénéficiaires (clients) déclarés dans vos demandes d'un couloir, dans un fichier CSV : une ligne "
        "par bénéficiaire de chaque demande. Le type d'identification du bénéficiaire dépend du couloir : "
        "sélectionnez-le d'abord.",
        "adresse": reverse("fournisseur:beneficiaires_csv"),
        "quelque_chose": bool(dsr),
        "form": FormulaireExport(dsr, requete.GET if "couloir" in requete.GET else None),
    }
    return render(requete, "fournisseur/exports.html", contexte)


def _export(vue: Any) -> Any:
    """A view that gives an export, made for the company of its page."""
    bornee = limite("exports", PERSONNE, 60, HEURE, quoi="exports")(sert(Genre.EXPORT)(vue))
    return geste(pour_cette_entreprise, profil=Profil.FOURNISSEUR)(bornee)


@_export
def demandes_csv(requete: Requete) -> HttpResponseBase:
    entreprise = entreprise_de(requete)
    if not de_l_entreprise(entreprise).exists():
        return redirect("fournisseur:exporter_demandes")
    lignes = demandes_a_exporter(entreprise, champs(COLONNES_DEMANDES))
    return _envoyer(requete, "demandes", COLONNES_DEMANDES, lignes)


@_export
def beneficiaires_csv(requete: Requete) -> HttpResponseBase:
    entreprise = entreprise_de(requete)
    choix = {"couloir": requete.POST.get("couloir", "")}
    form = FormulaireExport(dsr_de(entreprise), choix)
    if not form.is_valid():
        return redirect(f"{reverse('fournisseur:exporter_beneficiaires')}?{urlencode(choix)}")
    couloir = couloirs.par_dsr(form.cleaned_data["couloir"])
    colonnes = colonnes_beneficiaires(couloir)
    lignes = beneficiaires_a_exporter(entreprise, couloir.dsr, champs(colonnes))
    return _envoyer(requete, f"beneficiaires-{couloir.prefixe}", colonnes, lignes)


def _envoyer(
    requete: Requete, nom: str, colonnes: tuple[Colonne, ...], lignes: Iterator[dict[str, Any]]
) -> HttpResponseBase:
    entreprise, jour = entreprise_de(requete), jour_de_paris(maintenant())
    export = Document(
        genre=Genre.EXPORT,
        objet=f"export:{nom}:{entreprise.siret}",
        sujet=entreprise.siret,
        nom=f"{nom}-{jour.isoformat()}.csv",
        entreprise=entreprise.pk,
    )
    return envoyer(requete, export, en_csv(colonnes, lignes))


def champs(colonnes: tuple[Colonne, ...]) -> list[str]:
    """What is read of the database for these columns."""
    return [colonne.cle for colonne in colonnes]
