"""« À recouvrer »: what is owed by age, an order beside its letter, and the gestures that settle it (GST-019)."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse

from segurnum.comptes.auteurs import Auteur
from segurnum.comptes.models import Profil
from segurnum.fichiers.documents import Document, Genre
from segurnum.journal.chronologie import RECOUVREMENTS, chronologie
from segurnum.journal.queries import evenements_de
from segurnum.kits.champs import motif
from segurnum.kits.criteres import Critere, critere_de_statut
from segurnum.kits.export import exporter
from segurnum.kits.geste import Geste, Saisie, admis, geste, par_code, sur
from segurnum.kits.navigation import vers
from segurnum.kits.tableau import Colonne, Tableau
from segurnum.kits.visionneuse import Piece, visionneuse
from segurnum.recouvrements import compensations, permissions, queries, services
from segurnum.recouvrements.models import Recouvrement
from segurnum.regles.cycles_recouvrements import GesteRecouvrement as G
from segurnum.regles.cycles_recouvrements import StatutRecouvrement
from segurnum.seuil.acces import Requete, agents, bouton_de, page_de, reserve_a
from segurnum.seuil.documents import titre_de_recette
from segurnum.seuil.limites import HEURE, PERSONNE, limite
from segurnum.seuil.telechargements import envoyer, sert, servir
from segurnum.web.gestion.formulaires import Aucune
from segurnum.web.gestion.formulaires_recouvrement import Remboursement, compensation, retrait
from segurnum.web.gestion.instruction import FileAttente, Instruction

TABLEAU = Tableau(
    "liste-recouvrements",
    "Recouvrements, le plus ancien d'abord",
    (
        Colonne(
            "titre",
            "Titre",
            cellule="nom",
            titre=True,
            lien=vers("gestion:recouvrement"),
            insecable=True,
        ),
        Colonne(
            "demande",
            "Demande",
            cellule="demande.numero",
            lien=vers("gestion:demande", "demande.numero"),
            insecable=True,
        ),
        Colonne(
            "denomination",
            "Dénomination sociale",
            cellule="entreprise.denomination",
            precision="entreprise.siret",
        ),
        Colonne("nature", "Nature", cellule="nature"),
        Colonne("montant", "Montant", cellule="montant|euros", nombre=True),
        Colonne("recu", "Recouvré", cellule="recu|euros", nombre=True),
        Colonne("reste", "Reste dû", cellule="reste|euros", nombre=True),
        Colonne("echeance", "Échéance", cellule="echeance|jour", insecable=True),
        Colonne("retard", "Retard (jours)", cellule="retard|default_if_none:''", nombre=True),
        Colonne("statut", "Statut", cellule="statut|badge"),
    ),
    ordre=("propose_le", "pk"),
)
DUS = "DUS"


def _du_statut(lignes: Any, valeur: str) -> Any:
    return queries.dus(lignes) if valeur == DUS else lignes.filter(statut=valeur)


def _criteres(requete: Requete) -> list[Critere]:
    """What each profile opens the list on is what waits for it."""
    defaut = StatutRecouvrement.PROPOSE.value if requete.user.profil == Profil.DECIDEUR else DUS
    ages = [("", "Tous les âges"), *((une.code, une.libelle) for une in queries.TRANCHES)]
    return [
        critere_de_statut(
            defaut, tuple(StatutRecouvrement), (DUS, "Émis, pas encore soldés"), restreindre=_du_statut
        ),
        Critere("age", "Âge", "", ages, restreindre=queries.de_la_tranche),
    ]


FILE = FileAttente(
    "À recouvrer",
    "Filtrer les recouvrements",
    TABLEAU,
    queries.tous,
    _criteres,
    export="gestion:exporter_recouvrements",
)


@page_de(agents)
def liste(requete: Requete) -> HttpResponse:
    return FILE.montrer(
        requete, ages=queries.par_age(), a_emettre=queries.a_emettre(), gabarit="gestion/recouvrements.html"
    )


@bouton_de(agents)
@limite("exports", PERSONNE, 60, HEURE, quoi="exports")
@sert(Genre.LISTE)
def exporter_la_liste(requete: Requete) -> HttpResponseBase:
    """The whole list as it is filtered, with the columns of its screen."""
    lignes = FILE.filtrees(FILE.filtre(requete))
    document = Document(genre=Genre.LISTE, objet="export:recouvrements", nom="recouvrements.csv")
    return envoyer(requete, document, exporter(TABLEAU, lignes, requete.GET))


def _trouver(recouvrement: int) -> Recouvrement:
    ligne: Recouvrement = get_object_or_404(queries.tous(), pk=recouvrement)
    return ligne


@page_de(agents)
@sert(Genre.LETTRE)
def lettre(requete: Requete, recouvrement: int) -> HttpResponseBase:
    """The letter of a title, as a file to save."""
    ligne = get_object_or_404(queries.tous(), pk=recouvrement, lettre__isnull=False)
    return servir(requete, titre_de_recette(ligne))


_POURQUOI = "Gardé au journal du dossier."
_MANQUE = "Le motif est obligatoire : il reste au journal du dossier."
_SIMPLES: tuple[Geste[Recouvrement], ...] = (
    geste(
        "emettre", G.EMETTRE, Aucune, sur("recouvrement", services.emettre), "est émis, et le débiteur averti"
    ),
    geste(
        "ecarter",
        G.ECARTER,
        motif("Motif", _POURQUOI, _MANQUE),
        sur("recouvrement", services.ecarter),
        "est écarté",
        grave=True,
    ),
    geste(
        "retirer",
        G.RETIRER,
        motif("Motif", _POURQUOI, _MANQUE),
        sur("recouvrement", services.retirer),
        "est retiré",
        grave=True,
    ),
    Geste(
        "rembourser",
        "Enregistrer un remboursement",
        frozenset({G.REMBOURSER, G.SOLDER}),
        Remboursement,
        sur("recouvrement", services.rembourser),
        "porte ce remboursement, et le débiteur en est averti",
    ),
)
_ANNULER: Geste[Recouvrement] = geste(
    "annuler",
    G.ANNULER,
    motif(
        "Motif de l'annulation",
        "Envoyé tel quel au débiteur. Ce qui est déjà recouvré le reste.",
        "Le motif de l'annulation est obligatoire : le débiteur doit savoir pourquoi.",
    ),
    sur("recouvrement", services.annuler),
    "est annulé, et le débiteur averti",
    grave=True,
)


def _compenser(ligne: Recouvrement, auteur: Auteur, saisie: Saisie) -> object:
    return compensations.compenser(
        recouvrement=ligne.pk, auteur=auteur, versement=int(saisie["versement"]), montant=saisie["montant"]
    )


def _retirer_compensation(ligne: Recouvrement, auteur: Auteur, saisie: Saisie) -> object:
    return compensations.retirer_compensation(
        recouvrement=ligne.pk, auteur=auteur, reglement=int(saisie["reglement"]), motif=saisie["motif"]
    )


def _gestes(ligne: Recouvrement) -> Mapping[str, Geste[Recouvrement]]:
    """Those of every order, and those that need a payment to keep an amount on, or to give one back to."""
    tous = [*_SIMPLES]
    if formulaire := compensation(ligne):
        passages = frozenset({G.COMPENSER, G.COMPENSER_LE_RESTE})
        fait = "est compensé d'autant, et le débiteur averti"
        tous.append(Geste("compenser", "Compenser sur un versement", passages, formulaire, _compenser, fait))
    if formulaire := retrait(ligne):
        passages = frozenset({G.RETABLIR, G.RETABLIR_TOUT})
        fait = "est dû d'autant, et le débiteur averti"
        tous.append(
            Geste(
                "retirer-compensation",
                "Retirer une compensation",
                passages,
                formulaire,
                _retirer_compensation,
                fait,
                grave=True,
            )
        )
    return par_code(*tous, _ANNULER)


def _contexte(requete: Requete, ligne: Recouvrement, *_: Any) -> dict[str, Any]:
    pieces = []
    if ligne.lettre is not None:
        adresse = reverse("gestion:titre_de_recette", args=[ligne.pk])
        pieces.append(Piece(ligne.pk, f"Titre de recette {ligne.numero}", titre_de_recette(ligne), adresse))
    evenements = evenements_de(ligne.chaine).filter(objet=ligne.objet)
    return {
        "retour": reverse("gestion:recouvrements"),
        "reglements": queries.reglements_de(ligne),
        "empechement": permissions.empechement(requete.user, ligne),
        "visionneuse": visionneuse(requete, pieces, INSTRUCTION.adresse(requete, ligne)),
        "moments": chronologie(evenements, ligne.nom, RECOUVREMENTS),
    }


INSTRUCTION: Instruction[Recouvrement] = Instruction(
    sur="un recouvrement",
    gabarit="gestion/recouvrement.html",
    page="gestion:recouvrement",
    geste="gestion:geste_recouvrement",
    phrase="Le recouvrement de la demande {0.demande.numero} {1}.",
    trouver=_trouver,
    cle=lambda ligne: (ligne.pk,),
    gestes=_gestes,
    permis=lambda personne, ligne: admis(_gestes(ligne), permissions.gestes(personne, ligne)),
    contexte=_contexte,
)
consultation = page_de(agents)(INSTRUCTION.montrer)
faire = bouton_de(reserve_a(Profil.GESTIONNAIRE, Profil.DECIDEUR, Profil.COMPTABLE))(INSTRUCTION.faire)
