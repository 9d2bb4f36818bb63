"""The ZIPs of pieces: those of one deposit (step 2, JSN-034 to JSN-045), those of all that is incomplete."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from segurnum.comptes.auteurs import auteur
from segurnum.comptes.models import Profil
from segurnum.controles.fichiers import RegleFichier
from segurnum.controles.problemes import MO
from segurnum.demandes.models import Demande
from segurnum.demandes.permissions import peut_deposer
from segurnum.depots import comptes_rendus, pieces, queries, reprises
from segurnum.depots.attentes import candidates, incompletes, manques
from segurnum.depots.models import Archive, Depot
from segurnum.depots.queries import archives_pour_toutes, demandes_du_depot, depots_de
from segurnum.kits.champs import lu
from segurnum.kits.geste import faire
from segurnum.kits.navigation import vers
from segurnum.kits.tableau import page_de
from segurnum.kits.televersement import Televersement
from segurnum.pannes import FichierNonRecu
from segurnum.recepisses.queries import recepisses_sur
from segurnum.regles.calendrier import date_fr, jour_de_paris
from segurnum.regles.cycles import StatutDemande
from segurnum.regles.erreurs import GesteImpossible
from segurnum.seuil.acces import Requete, deposants, entreprise_de
from segurnum.seuil.arrivee import recu_le
from segurnum.seuil.entrees import entier
from segurnum.seuil.limites import ENTREPRISE, HEURE, limite
from segurnum.web.fournisseur.acces import bouton, consultation, geste, saisie, trouver

ARCHIVE = RegleFichier(frozenset({"zip"}), 200 * MO)
ZIP = Televersement(
    "archive",
    ARCHIVE,
    "il n'a pas été reçu. Réduisez les pièces, par exemple en les numérisant en 200 points par pouce",
    quoi="Le fichier ZIP",
    garde=False,
)
ERREURS = "erreurs"
MANQUES_MONTRES = 20

depot_de = trouver(depots_de)
suspens_de = trouver(queries.en_suspens)


class FormulaireArchive(forms.Form):
    """The one ZIP of a sending (JSN-034)."""

    archive = lu(
        ARCHIVE,
        "Importer un fichier zip :",
        "Choisissez le fichier ZIP qui contient les pièces jointes.",
        help_text="",
    )


@dataclass(frozen=True)
class Lieu:
    """Where ZIPs are sent from: the page of a deposit, or that of all the incomplete requests (`depot` None)."""

    depot: Depot | None
    demandes: QuerySet[Demande]
    archives: QuerySet[Archive]
    gabarit: str

    def _vers(self, de_l_import: str, de_toutes: str, *suite: int) -> str:
        if self.depot is None:
            return reverse(f"fournisseur:{de_toutes}", args=suite)
        return reverse(f"fournisseur:{de_l_import}", args=[self.depot.pk, *suite])

    @property
    def adresse(self) -> str:
        return self._vers("pieces", "incompletes_pieces")

    @property
    def etat(self) -> str:
        return self._vers("archive_etat", "incompletes_archive_etat")

    def recontroler(self, archive: Archive) -> str:
        return self._vers("recontroler", "incompletes_recontroler", archive.pk)


def lieu_du_depot(depot: Depot) -> Lieu:
    archives = depot.archives.select_related("fichier").order_by("-pk")
    return Lieu(
        depot, demandes_du_depot(depot).select_related("dossier"), archives, "fournisseur/pieces.html"
    )


def lieu_de_toutes(requete: Requete) -> Lieu:
    entreprise = entreprise_de(requete)
    demandes = incompletes(entreprise).select_related("dossier").order_by("expire_le", "pk")
    return Lieu(None, demandes, archives_pour_toutes(entreprise), "fournisseur/incompletes_pieces.html")


@ZIP.recoit
@saisie(deposants, profil=Profil.FOURNISSEUR)
@limite("archives", ENTREPRISE, 60, HEURE, quoi="fichiers ZIP")
def deposer_pieces(requete: Requete, depot: int) -> HttpResponse:
    ligne = depot_de(requete, depot)
    service = partial(pieces.recevoir, depot=ligne, recu_le=recu_le(requete))
    return _recevoir(requete, lieu_du_depot(ligne), service)


@ZIP.recoit
@saisie(deposants, profil=Profil.FOURNISSEUR)
@limite("archives", ENTREPRISE, 60, HEURE, quoi="fichiers ZIP")
def deposer_pour_toutes(requete: Requete) -> HttpResponse:
    """One ZIP for all the incomplete requests (INC-008)."""
    service = partial(
        pieces.recevoir_pour_toutes, entreprise=entreprise_de(requete), recu_le=recu_le(requete)
    )
    return _recevoir(requete, lieu_de_toutes(requete), service)


def _recevoir(requete: Requete, lieu: Lieu, service: Callable[..., Archive]) -> HttpResponse:
    def importer(form: FormulaireArchive) -> HttpResponse:
        fichier = form.cleaned_data["archive"]
        try:
            archive = service(
                auteur=auteur(requete.user),
                nom_fichier=fichier.name,
                flux=fichier.file,
            )
        except FichierNonRecu:
            raise
        except pieces.ArchiveDejaRecue as refus:
            messages.warning(requete, str(refus))
            archive = refus.archive
        except GesteImpossible as refus:
            messages.error(requete, str(refus))
            return redirect(lieu.adresse)
        return redirect(f"{lieu.adresse}?archive={archive.pk}")

    return ZIP.servir(requete, FormulaireArchive, importer, partial(_page, requete, lieu))


def _page(requete: Requete, lieu: Lieu, form: FormulaireArchive, statut: int) -> HttpResponse:
    a_completer = list(lieu.demandes.filter(statut=StatutDemande.NON_COMPLETEE))
    lacunaires = [manque for manque in manques(a_completer) if manque.pieces]
    pretes = len(a_completer) - len(lacunaires)
    contexte = {
        "etape": "pieces",
        "lieu": lieu,
        "depot": lieu.depot,
        "form": form,
        "a_completer": len(a_completer),
        "pretes": pretes,
        "lacunaires": len(lacunaires),
        "manques": lacunaires[:MANQUES_MONTRES],
        "manques_suite": max(0, len(lacunaires) - MANQUES_MONTRES),
        "avant_le": min((d.expire_le for d in a_completer if d.expire_le), default=None),
        "peut_terminer": peut_deposer(requete.user) and pretes > 0,
        "a_attribuer": _a_attribuer(requete),
        **_archive(requete, lieu),
    }
    if lieu.depot is not None:
        toutes = list(lieu.demandes)
        contexte |= {
            "demandes": page_de(requete, toutes),
            "transmises": len(toutes) - len(a_completer),
            "recepisses": recepisses_sur(lieu.depot.entreprise, lieu.depot.sujet),
        }
    return render(requete, lieu.gabarit, contexte, status=statut)


def _a_attribuer(requete: Requete) -> list[dict[str, Any]]:
    """The files that several requests wait for, with the requests that one chooses from."""
    entreprise = entreprise_de(requete)
    lignes = list(queries.en_suspens(entreprise)[:MANQUES_MONTRES])
    if not lignes:
        return []
    possibles = candidates(entreprise, [ligne.nom for ligne in lignes])
    return [
        {
            "en_suspens": ligne,
            "candidates": [{"piece": piece, "dite": _dite(piece.demande)} for piece in siennes],
        }
        for ligne, siennes in zip(lignes, possibles, strict=True)
    ]


def _dite(demande: Demande) -> str:
    """A request among others of the same editor number."""
    return (
        f"{demande.dossier.numero} (n° éditeur {demande.numero_editeur}, {demande.type.libelle.lower()} déposée le "
        f"{date_fr(jour_de_paris(demande.depose_le))})"
    )


def _archive(requete: Requete, lieu: Lieu) -> dict[str, Any]:
    """The ZIP that the address names, else the last one, with the page of its table."""
    choisie = entier(requete.GET.get("archive"))
    archive = lieu.archives.first() if choisie is None else get_object_or_404(lieu.archives, pk=choisie)
    if archive is None:
        return {"suivi": None, "page": page_de(requete, [])}
    suivi = comptes_rendus.suivi_archive(archive)
    erreurs_seules = requete.GET.get("filtre") == ERREURS
    return {
        "suivi": suivi,
        "page": page_de(requete, suivi.erreurs if erreurs_seules else suivi.lignes),
        "erreurs_seules": erreurs_seules,
        "recontroler": lieu.recontroler(archive),
    }


def _etat(requete: Requete, lieu: Lieu) -> HttpResponse:
    """How far the check is, asked again and again by the page; it is read whole once the check is over."""
    contexte = {"lieu": lieu} | _archive(requete, lieu)
    reponse = render(requete, "fournisseur/fragments/controle.html", contexte)
    suivi = contexte["suivi"]
    if not (isinstance(suivi, comptes_rendus.SuiviArchive) and suivi.en_controle):
        reponse["HX-Refresh"] = "true"
    return reponse


@consultation(profil=Profil.FOURNISSEUR)
def archive_etat(requete: Requete, depot: int) -> HttpResponse:
    return _etat(requete, lieu_du_depot(depot_de(requete, depot)))


@consultation(profil=Profil.FOURNISSEUR)
def archive_etat_de_toutes(requete: Requete) -> HttpResponse:
    return _etat(requete, lieu_de_toutes(requete))


terminer = geste(deposants, profil=Profil.FOURNISSEUR)(
    bouton("depot", depot_de, pieces.terminer, vers("fournisseur:pieces"))
)


@geste(deposants, profil=Profil.FOURNISSEUR)
def attribuer(requete: Requete, en_suspens: int) -> HttpResponse:
    """Say which request a file is for; the page that asked is read again."""
    ligne = suspens_de(requete, en_suspens)

    def agir() -> None:
        jointe = pieces.attribuer(
            entreprise=entreprise_de(requete),
            en_suspens=ligne.pk,
            piece=entier(requete.POST.get("piece")) or 0,
            auteur=auteur(requete.user),
        )
        messages.success(
            requete, f"La pièce « {jointe.nom} » est jointe à la demande {jointe.demande.numero}."
        )

    return faire(requete, agir, reverse("fournisseur:incompletes_pieces"))


@geste(deposants, profil=Profil.FOURNISSEUR)
def recontroler(requete: Requete, depot: int, archive: int) -> HttpResponse:
    return _recontroler(requete, lieu_du_depot(depot_de(requete, depot)), archive)


@geste(deposants, profil=Profil.FOURNISSEUR)
def recontroler_pour_toutes(requete: Requete, archive: int) -> HttpResponse:
    return _recontroler(requete, lieu_de_toutes(requete), archive)


def _recontroler(requete: Requete, lieu: Lieu, archive: int) -> HttpResponse:
    """« Recontrôler »: a ZIP that was set aside."""
    ligne = get_object_or_404(lieu.archives, pk=archive)
    try:
        if reprises.recontroler(archive=ligne.pk, auteur=auteur(requete.user)):
            messages.success(requete, f"Le contrôle du fichier « {ligne.nom_fichier} » recommence.")
        else:
            messages.info(requete, f"Le fichier « {ligne.nom_fichier} » n'attend pas de nouveau contrôle.")
    except GesteImpossible as refus:
        messages.error(requete, str(refus))
    return redirect(f"{lieu.adresse}?archive={ligne.pk}")
