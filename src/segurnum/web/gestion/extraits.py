"""The national extracts: what each holds, why one is held, what confirming it or setting it aside would change."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render

from segurnum.annuaire_sante.models import Extrait
from segurnum.annuaire_sante.permissions import gestes_de_l_extrait
from segurnum.annuaire_sante.queries import extraits
from segurnum.annuaire_sante.soupcons import precedent_de
from segurnum.comptes.auteurs import Auteur
from segurnum.depots.reprise import effets_de_l_extrait, juger_extrait, marque, relire_extrait
from segurnum.journal.chronologie import EXTRAITS as MOTS
from segurnum.journal.chronologie import chronologie
from segurnum.journal.queries import evenements_de
from segurnum.kits.champs import motif
from segurnum.kits.geste import Geste, Refus, Saisie, admis, geste, par_code
from segurnum.kits.navigation import vers
from segurnum.kits.tableau import Colonne, Tableau
from segurnum.regles.cycles_annuaire import GesteExtrait, StatutExtrait
from segurnum.seuil.acces import Requete, bouton_de, instructeurs, lecteurs_des_comptages, page_de
from segurnum.web.gestion.instruction import Instruction, Proposes

COMMANDE = "segurnum annuaire importer Extraction_Correspondance_MSSante_AAAAMMJJhhmm.txt"
EXTRAITS = Tableau(
    "liste-extraits",
    "Extraits chargés, le plus récent d'abord",
    (
        Colonne(
            "instant",
            "Date de l'extrait",
            cellule="instant|instant",
            titre=True,
            insecable=True,
            lien=vers("gestion:annuaire_extrait"),
        ),
        Colonne("statut", "Statut", cellule="statut|badge"),
        Colonne("lignes", "Lignes", cellule="nombre_lignes|entier", nombre=True),
        Colonne("adresses", "Adresses distinctes", cellule="nombre_adresses|entier", nombre=True),
        Colonne("fichier", "Fichier", cellule="nom"),
        Colonne("charge", "Chargé le", cellule="charge_le|instant", precision="auteur|nomme"),
        Colonne("gardees", "Adresses", cellule="gestion/cellules/adresses_gardees.html"),
    ),
)


@page_de(lecteurs_des_comptages)
def liste(requete: Requete) -> HttpResponse:
    contexte = {
        "titre": "Extraits de l'Annuaire Santé",
        "retour": "gestion:annuaire_sante",
        "affiche": EXTRAITS.tourner(extraits(), requete.GET),
        "commande": COMMANDE,
    }
    return render(requete, "gestion/annuaire_sante/extraits.html", contexte)


def _extrait(extrait: int) -> Extrait:
    trouve = extraits().filter(pk=extrait).first()
    if trouve is None:
        raise Http404
    return trouve


def _geste(code: str, passage: GesteExtrait, aide: str, fait: str, *, grave: bool = False) -> Geste[Extrait]:
    def agir(ligne: Extrait, auteur: Auteur, saisie: Saisie) -> object:
        return juger_extrait(extrait=ligne.pk, geste=passage, auteur=auteur, **saisie)

    requis = "Le motif est obligatoire : il reste au journal."
    return geste(code, passage, motif("Motif", aide, requis), agir, fait, grave=grave)


GESTES = par_code(
    _geste(
        "confirmer",
        GesteExtrait.CONFIRMER,
        "Ce que vous avez vérifié : pourquoi cet extrait est juste. Il reste au journal.",
        "pris en compte",
    ),
    _geste(
        "ecarter",
        GesteExtrait.ECARTER,
        "Ce qui ne va pas dans cet extrait. Il reste au journal.",
        "écarté",
        grave=True,
    ),
    _geste(
        "reprendre",
        GesteExtrait.REPRENDRE,
        "Pourquoi l'écartement était une erreur. L'extrait attendra d'être confirmé.",
        "de nouveau à confirmer",
    ),
)


def _contexte(requete: Requete, ligne: Extrait, refus: Refus, _: Proposes[Extrait]) -> dict[str, Any]:
    prevus = effets_de_l_extrait(ligne)
    return {
        "effets": prevus,
        "marque": refus.vue or marque(ligne, prevus),
        "precedent": precedent_de(ligne),
        "retenu": ligne.statut is StatutExtrait.RETENU,
        "sien": ligne.retenu and ligne.auteur_id == requete.user.pk,
        "moments": chronologie(
            evenements_de(ligne.chaine).filter(objet=ligne.objet), ligne.designation, MOTS
        ),
    }


INSTRUCTION: Instruction[Extrait] = Instruction(
    sur="un extrait",
    gabarit="gestion/annuaire_sante/extrait.html",
    page="gestion:annuaire_extrait",
    geste="gestion:geste_extrait",
    phrase="L'extrait est {1}.",
    trouver=_extrait,
    cle=lambda ligne: (ligne.pk,),
    gestes=lambda _: GESTES,
    permis=lambda personne, ligne: admis(GESTES, gestes_de_l_extrait(personne, ligne)),
    contexte=_contexte,
    reprendre=relire_extrait,
)
consultation = page_de(lecteurs_des_comptages)(INSTRUCTION.montrer)
faire = bouton_de(instructeurs)(INSTRUCTION.faire)
