"""The whole way of a couloir, asked of its declaration alone: no name of a field is written here."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from typing import Any

from django.test import Client
from django.urls import reverse

from segurnum.controles import Contexte, Rapport, verifier
from segurnum.controles.ecriture import ecrire_json
from segurnum.controles.formulaire import ecrire_champ
from segurnum.couloirs import Couloir
from segurnum.couloirs.vierges import exemple
from segurnum.demandes import services
from segurnum.demandes.models import Demande
from segurnum.demonstration import fabrique
from segurnum.depots import modifications
from segurnum.essais.depots import Deposant
from segurnum.regles.cycles import StatutDemande, TypeDemande
from segurnum.web.tests.depot import Fournisseur, decider, en_cours, gestionnaire, solde_de
from segurnum.web.tests.lecture import mots

NOM = "MARVAUZY-LORMELIN"


def simuler_les_exemples(couloir: Couloir) -> list[Rapport]:
    """Each example, read without a portal as the public simulator does."""
    return [
        verifier(ecrire_json(exemple(couloir, type_demande, regime)).encode(), contexte)
        for type_demande in TypeDemande
        for regime in ("TTC", "HT")
        for contexte in (Contexte(), Contexte(couloir.dsr, type_demande))
    ]


def parcourir(couloir: Couloir) -> Demande:
    """From the example to the solde, which it gives: simulation, import, page, correction, export, decision."""
    for rapport in simuler_les_exemples(couloir):
        assert (rapport.dsr, rapport.anomalies) == (couloir.dsr, [])
    fournisseur = Fournisseur(Deposant.nouveau(couloir.dsr))
    (avance,) = en_cours(fournisseur.deposant)
    assert avance.dossier.numero.startswith(f"FIN{couloir.sigle}")
    lire_la_page(fournisseur, avance)
    corriger(fournisseur, avance)
    exporter(fournisseur, avance)
    decider(avance)
    avance.refresh_from_db()
    solde = solde_de(fournisseur.deposant, avance)
    lire_la_page(fournisseur, solde)
    return solde


def lire_la_page(fournisseur: Fournisseur, demande: Demande) -> str:
    """Every question, column, tick and beneficiary that the format declares is on the page."""
    places = demande.format().places
    page = fournisseur.lire("demande", demande.numero)
    texte = mots(page)
    lieux = [lieu.champ for lieu in (*places.questions, *places.coches)]
    for champ in (*lieux, *places.colonnes_scenario):
        assert (champ.colonne or champ.libelle) in texte or champ.libelle in texte
    assert places.libelle_identifiant in texte
    for beneficiaire in demande.beneficiaires.all():
        assert all(identifiant in texte for identifiant in beneficiaire.identifiants)
    attendus = [bloc.code for bloc in demande.format().blocs if bloc.code != "suivi"]
    assert [bloc.code for bloc in page.context["consultation"].blocs if bloc.code != "suivi"] == attendus
    return texte


def corriger(fournisseur: Fournisseur, demande: Demande) -> None:
    """An officer sends it back, the supplier gives another name to its beneficiary: both versions stay readable."""
    services.demander_modification(demande=demande.pk, auteur=gestionnaire(), motif="Corrigez le nom.")
    demande.refresh_from_db()
    nom = fabrique.premiere_liste(demande.couloir).nom
    champs = modifications.champs_de(demande)
    cle = next(champ.nom for champ in champs if champ.champ.nom == nom)
    assert fournisseur.lire("modifier", demande.numero).status_code == 200
    saisie = {champ.nom: ecrire_champ(champ.champ, champ.valeur) for champ in champs} | {cle: NOM}
    modifications.confirmer(demande=demande.pk, saisie=saisie, auteur=fournisseur.deposant.auteur)
    demande.refresh_from_db()
    assert (demande.statut, demande.version_courante) == (StatutDemande.EN_COURS, 2)
    assert NOM in mots(fournisseur.lire("historique", demande.numero))


def exporter(fournisseur: Fournisseur, demande: Demande) -> None:
    """The file of beneficiaries bears the couloir's own identifier, and what was corrected."""
    reponse = fournisseur.faire("beneficiaires_csv", couloir=demande.dsr)
    octets = _octets(reponse)
    titres, *lignes = csv.reader(io.StringIO(octets.decode("utf-8-sig")), delimiter=";")
    rang = titres.index(demande.format().places.titre_export)
    declares = {", ".join(un.identifiants) for un in demande.beneficiaires.all()}
    assert {ligne[rang] for ligne in lignes} == declares
    assert any(NOM in ligne for ligne in lignes)


def lire_la_documentation(couloir: Couloir) -> str:
    """Its public page; its models and its schema can be downloaded."""
    client = Client()
    for type_demande in TypeDemande:
        for nom in ("vierge", "exemple"):
            modele = client.get(reverse("public:modele", args=[couloir, type_demande, nom]))
            json.loads(_octets(modele))
        assert client.get(reverse("public:schema", args=[couloir, type_demande])).status_code == 200
    tous = client.get(reverse("public:modeles_du_couloir", args=[couloir]))
    with zipfile.ZipFile(io.BytesIO(_octets(tous))) as archive:
        assert len(archive.namelist()) == 8  # of each type: blank, example, schema, workbook
    page = client.get(reverse("public:documentation_couloir", args=[couloir]))
    assert page.status_code == 200
    texte = mots(page)
    for type_demande in TypeDemande:
        for champ in couloir.forme(type_demande).champs:
            assert champ.libelle in texte
    return texte


def _octets(reponse: Any) -> bytes:
    return b"".join(reponse.streaming_content) if reponse.streaming else bytes(reponse.content)
