"""Correcting a request that came by a file: judged as a file, written under lock, followed by all that repeats it."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest

from segurnum.comptes.auteurs import Auteur, auteur
from segurnum.comptes.models import Profil
from segurnum.controles.formulaire import ecrire_champ
from segurnum.demandes import services
from segurnum.demandes.models import Demande
from segurnum.demonstration import fabrique
from segurnum.depots import modifications
from segurnum.essais import usines
from segurnum.essais.concurrence import ensemble
from segurnum.essais.depots import Deposant
from segurnum.regles.cycles import StatutDemande, TypeDemande
from segurnum.regles.erreurs import GesteImpossible

AVANT_TOUT = pytest.mark.django_db


def gestionnaire() -> Auteur:
    return auteur(usines.utilisateur(Profil.GESTIONNAIRE))


def a_modifier(deposant: Deposant, nombre: int = 1, **simulation: Any) -> list[Demande]:
    depot = deposant.importer(nombre) if not simulation else _importer(deposant, **simulation)
    deposant.envoyer(depot)
    deposant.terminer(depot)
    demandes = list(Demande.objects.filter(ligne_depot__depot=depot).order_by("pk"))
    for demande in demandes:
        demander(demande)
    return demandes


def _importer(deposant: Deposant, *, regime: str, taux: str) -> Any:
    from segurnum.depots import services as depots

    fichier = fabrique.fichier_d_avances(deposant.source, 1)
    fichier["lignesImport"][0]["commande"]["regimeTVA"] = regime
    if regime == "HT":
        nom = fichier["lignesImport"][0]["piecesJustificatives"][0]["nomFichier"].replace("-bdc-", "-ht-")
        fichier["lignesImport"][0]["piecesJustificatives"].append(
            {"nomFichier": nom, "formatFichier": "PDF", "typeFichier": "PREUVE_HT"}
        )
    return depots.importer(simulation=deposant.simuler(fichier, taux=taux).pk, auteur=deposant.auteur)


def demander(demande: Demande) -> None:
    services.demander_modification(demande=demande.pk, auteur=gestionnaire(), motif="Corrigez.")


def saisie_de(demande: Demande) -> dict[str, str]:
    return {c.nom: ecrire_champ(c.champ, c.valeur) for c in modifications.champs_de(demande)}


def confirmer(demande: Demande, deposant: Deposant, saisie: Mapping[str, str]) -> Demande:
    return modifications.confirmer(demande=demande.pk, saisie=saisie, auteur=deposant.auteur)


def ajouter(demande: Demande, deposant: Deposant, nom: str, type_piece: str) -> None:
    services.ajouter_piece(
        demande=demande.pk,
        auteur=deposant.auteur,
        nom=nom,
        type_piece=type_piece,
        fichier=usines.fichier(nom.encode()),
    )


@AVANT_TOUT
@pytest.mark.exigence("MOD-028", "MOD-015")
def test_une_piece_ajoutee_librement_nommee_ne_bloque_pas_la_correction_suivante() -> None:
    deposant = Deposant.nouveau()
    (demande,) = a_modifier(deposant)
    ajouter(demande, deposant, "signe.pdf", "BON_COMMANDE")
    confirmer(demande, deposant, {})
    demander(demande)
    assert confirmer(demande, deposant, {"versionLogiciel": "9.9"}).version_courante == 3


@AVANT_TOUT
@pytest.mark.exigence("MOD-028", "MOD-008")
def test_une_demande_importee_hors_taxe_se_corrige_au_taux_de_son_depot() -> None:
    deposant = Deposant.nouveau()  # enrolled at 20 %
    (demande,) = a_modifier(deposant, regime="HT", taux="0")
    relue = confirmer(demande, deposant, {"versionLogiciel": "9.9"})
    assert relue.taux_tva == 0


@AVANT_TOUT
@pytest.mark.exigence("MOD-028", "JSN-030")
def test_une_preuve_ajoutee_avec_la_correction_compte_pour_la_regle_des_pieces() -> None:
    deposant = Deposant.nouveau()
    (demande,) = a_modifier(deposant)
    saisie = {"commande.regimeTVA": "HT"}
    refusee = modifications.corrections(demande, saisie)
    assert any("PREUVE_HT" in phrase for phrase in refusee.autres)
    ajouter(demande, deposant, "attestation.pdf", "PREUVE_HT")
    acceptee = modifications.corrections(demande, saisie)
    assert not any("PREUVE_HT" in phrase for phrase in acceptee.autres)


@AVANT_TOUT
@pytest.mark.exigence("MOD-028", "REQ-043")
def test_les_montants_retenus_suivent_la_correction() -> None:
    deposant = Deposant.nouveau()
    (demande,) = a_modifier(deposant)
    relue = confirmer(demande, deposant, {"commande.montantSegurHT": "10"})
    assert (relue.montant_declare, relue.engagement_ht) == (Decimal(10), Decimal(10))
    assert relue.montant_decide == Decimal("3.60")


@AVANT_TOUT
def test_la_meme_valeur_ecrite_autrement_n_est_pas_une_modification() -> None:
    deposant = Deposant.nouveau()
    (demande,) = a_modifier(deposant)
    montant = saisie_de(demande)["commande.montantSegurHT"]
    with pytest.raises(GesteImpossible, match="Rien n'a été modifié"):
        confirmer(demande, deposant, {"commande.montantSegurHT": f"{montant.replace(',', '.')}"})


@AVANT_TOUT
@pytest.mark.exigence("RUL-003")
def test_une_avance_ne_se_corrige_ni_ne_se_rejette_sous_son_solde() -> None:
    deposant = Deposant.nouveau()
    depot = deposant.importer(1)
    deposant.envoyer(depot)
    deposant.terminer(depot)
    avance = Demande.objects.get()
    from segurnum.depots import services as depots

    facture = fabrique.fichier_de_soldes(deposant.source, [avance])
    depots.importer(simulation=deposant.simuler(facture, TypeDemande.SOLDE).pk, auteur=deposant.auteur)
    solde = Demande.objects.get(type=TypeDemande.SOLDE)
    with pytest.raises(GesteImpossible, match="ne peut pas être rejetée tant que le solde"):
        services.rejeter(demande=avance.pk, auteur=gestionnaire(), motif="Non")
    demander(avance)
    montant = modifications.corrections(avance, {"commande.montantSegurHT": "10"})
    assert solde.numero in montant.autres[0]
    sien = avance.beneficiaires.get().identifiants[0]
    autre = "990000010"
    champs = {nom: autre for nom, texte in saisie_de(avance).items() if texte == sien}
    partis = modifications.corrections(avance, champs)
    assert any(sien in phrase and solde.numero in phrase for phrase in partis.autres)


@pytest.mark.django_db(transaction=True)
@pytest.mark.exigence("MOD-008")
def test_deux_corrections_ensemble_ne_demandent_pas_deux_fois_le_meme_beneficiaire() -> None:
    deposant = Deposant.nouveau()
    premiere, seconde = a_modifier(deposant, 2)
    neuf = next(fabrique.identifiants_libres(deposant.source.couloir))

    def corriger(demande: Demande) -> Demande:
        sien = demande.beneficiaires.get().identifiants[0]
        champs = {nom: neuf for nom, texte in saisie_de(demande).items() if texte == sien}
        return confirmer(demande, deposant, champs)

    rendus = ensemble(lambda: corriger(premiere), lambda: corriger(seconde))
    assert sorted(type(rendu).__name__ for rendu in rendus) == ["Demande", "GesteImpossible"]
    assert Demande.objects.filter(statut=StatutDemande.EN_COURS).count() == 1
