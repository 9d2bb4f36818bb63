"""« Contrôle »: what an auditor looks at first, what was granted outside the rules, and the journal of anything."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from segurnum.annuaire_sante.queries import a_confirmer
from segurnum.comptes.queries import agents
from segurnum.demandes.cumuls import RECENTS, cumuls
from segurnum.demandes.queries import octrois
from segurnum.financements import queries as financements
from segurnum.grand_livre.models import Controle as Verification
from segurnum.grand_livre.queries import dernier_controle, mouvements_a_approuver
from segurnum.installation.models import Relecture, Temoin
from segurnum.installation.queries import a_manque, nuits, relectures, vu_le
from segurnum.journal.chronologie import inscriptions
from segurnum.journal.queries import de_tout, sur
from segurnum.kits.criteres import Critere, Filtre, critere_de_statut, egal
from segurnum.kits.navigation import Onglet, vers
from segurnum.kits.tableau import Colonne, Tableau
from segurnum.paiements.phases import REJETES, compte
from segurnum.recouvrements.queries import a_emettre, par_age
from segurnum.referentiel.queries import a_approuver
from segurnum.regles.cycles import StatutOctroi
from segurnum.seuil.acces import Requete, controleurs, page_de
from segurnum.web.gestion.instruction import FileAttente

CUMULS = Tableau(
    "cumuls",
    "Deux rôles tenus par une même personne",
    (
        Colonne("dossier", "Dossier", titre=True, cellule="gestion/cellules/dossier_au_journal.html"),
        Colonne("personne", "Personne", cellule="personne.nom_complet", precision="personne.libelle_profil"),
        Colonne("roles", "Ce que la personne a fait", cellule="dit"),
    ),
    vide="Aucune personne n'a tenu deux rôles sur un même dossier.",
)
PHRASES_MONTREES = 5


@dataclass(frozen=True)
class NuitEnDefaut:
    """A register that the last night did not find sound; `anomalies` 0: it was not looked at since `fait_le`."""

    registre: str
    page: str
    fait_le: datetime | None
    anomalies: int
    phrases: list[str]


def _nuits_en_defaut(prouve: Verification | None) -> Iterator[NuitEnDefaut]:
    """What an auditor must read before all the rest."""
    veilles: tuple[tuple[str, Relecture | Verification | None, str], ...] = (
        ("journal", relectures().first(), "gestion:relectures"),
        ("grand livre", prouve, "gestion:verifications"),
    )
    for registre, fait, page in veilles:
        if fait is not None and fait.anomalies:
            yield NuitEnDefaut(registre, page, fait.fait_le, fait.anomalies, fait.phrases[:PHRASES_MONTREES])
        elif a_manque(fait_le := fait.fait_le if fait is not None else None):
            yield NuitEnDefaut(registre, page, fait_le, 0, [])


@page_de(controleurs)
def controle(requete: Requete) -> HttpResponse:
    """The auditor's home: a number of statements that depends on nothing."""
    ecrites, prouve = nuits(), dernier_controle()
    contexte = {
        "en_defaut": list(_nuits_en_defaut(prouve)),
        "journal_intact": vu_le(Temoin.Nom.JOURNAL),
        "tetes": ecrites[0] if ecrites else None,
        "controle": prouve,
        "octrois": octrois().filter(statut=StatutOctroi.APPROUVE).count(),
        "octrois_proposes": octrois().filter(statut=StatutOctroi.PROPOSE).count(),
        "accords": financements.accords().count(),
        "projets": a_approuver(),
        "mouvements": mouvements_a_approuver(),
        "rejetes": compte(REJETES),
        "cumuls": CUMULS.montrer(cumuls()),
        "recents": RECENTS,
        "ages": par_age(),
        "a_emettre": a_emettre(),
        "contestees": financements.en_attente(),
        "a_confirmer": a_confirmer(),
    }
    return render(requete, "gestion/audit.html", contexte)


# --- What was granted outside the rules

OCTROIS = Tableau(
    "liste-octrois",
    "Montants octroyés là où aucun plafond n'est connu, le plus récent d'abord",
    (
        Colonne(
            "demande",
            "Demande",
            cellule="demande.numero",
            titre=True,
            insecable=True,
            lien=vers("gestion:demande", "demande.numero"),
        ),
        Colonne(
            "entreprise",
            "Dénomination sociale",
            cellule="demande.entreprise.denomination",
            precision="demande.entreprise.siret",
        ),
        Colonne("montant", "Octroyé HT", cellule="montant_ht|euros", nombre=True),
        Colonne("manquants", "Sans plafond connu", cellule='manquants|join:", "'),
        Colonne("motif", "Motif"),
        Colonne("auteur", "Octroyé par", cellule="auteur.nom_complet", precision="cree_le|instant"),
        Colonne(
            "approbateur",
            "Approuvé par",
            cellule='approbateur|nomme|default:"–"',
            precision="approuve_le|instant",
        ),
        Colonne("statut", "Statut", cellule="statut.libelle"),
    ),
    ordre=("-pk",),
)
ACCORDS = Tableau(
    "liste-accords",
    "Bénéficiaires ajoutés par un solde, avec l'accord d'un gestionnaire, le plus récent d'abord",
    (
        Colonne(
            "demande",
            "Demande",
            cellule="revendication.demande.numero",
            titre=True,
            insecable=True,
            lien=vers("gestion:demande", "revendication.demande.numero"),
        ),
        Colonne("beneficiaire", "Bénéficiaire", cellule="revendication.financement"),
        Colonne("motif", "Motif"),
        Colonne("auteur", "Accord de", cellule="auteur.nom_complet", precision="donne_le|instant"),
    ),
    ordre=("-pk",),
)
HORS_REGLES = (("gestion:octrois", "Montants octroyés"), ("gestion:accords", "Bénéficiaires ajoutés"))


def _file(tableau: Tableau, lignes: Any, criteres: Any) -> FileAttente:
    return FileAttente("Hors des règles", "Filtrer la liste", tableau, lignes, criteres)


_OCTROIS = _file(OCTROIS, octrois, lambda _: [critere_de_statut("TOUS", tuple(StatutOctroi))])
_ACCORDS = _file(ACCORDS, financements.accords, lambda _: [])


def _montrer(requete: Requete, file: FileAttente, route: str) -> HttpResponse:
    onglets = [Onglet(libelle, reverse(une), une == route) for une, libelle in HORS_REGLES]
    return file.montrer(requete, onglets=onglets, legende_onglets=file.titre, retour="gestion:controle")


@page_de(controleurs)
def liste_octrois(requete: Requete) -> HttpResponse:
    return _montrer(requete, _OCTROIS, "gestion:octrois")


@page_de(controleurs)
def liste_accords(requete: Requete) -> HttpResponse:
    return _montrer(requete, _ACCORDS, "gestion:accords")


# --- The journal of anything

EVENEMENTS = Tableau(
    "liste-evenements",
    "Événements, le plus récent d'abord",
    (
        Colonne("instant", "Le", cellule="evenement.instant|instant", insecable=True),
        Colonne("qui", "Par", cellule="moment.qui", precision="moment.role"),
        Colonne("geste", "Geste", cellule="moment.geste", titre=True),
        Colonne("passage", "Passage", cellule="gestion/cellules/passage.html"),
        Colonne("objet", "Objet", cellule="evenement.objet", precision="evenement.chaine"),
        Colonne("rang", "N°", cellule="evenement.rang", nombre=True),
        Colonne("details", "Détails", cellule="gestion/cellules/details_evenement.html"),
    ),
    ordre=("-pk",),
)


def _criteres() -> tuple[Critere, ...]:
    personnes = [(str(agent.pk), f"{agent.nom_complet} ({agent.username})") for agent in agents()]
    return (
        Critere("sur", "N° de dossier ou d'enrôlement, ou nom d'une chaîne ou d'un objet", restreindre=sur),
        Critere("agent", "Agent", choix=[("", "Tout le monde"), *personnes], restreindre=egal("acteur")),
    )


@page_de(controleurs)
def evenements(requete: Requete) -> HttpResponse:
    filtre = Filtre.lire(requete.GET, *_criteres())
    contexte = {
        "titre": "Journal",
        "resume": "Chaque geste, tel qu'il est gardé : rien n'y est jamais réécrit ni effacé. « segurnum journal "
        "verifier » en refait la preuve.",
        "criteres": filtre.criteres,
        "legende_criteres": "Filtrer le journal",
        "affiche": EVENEMENTS.lire(filtre.restreindre(de_tout()), requete.GET, presenter=inscriptions),
        "retour": "gestion:controle",
    }
    return render(requete, "gestion/liste.html", contexte)
