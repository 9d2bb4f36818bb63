"""What goes wrong for people, and the sentence that each of them reads."""

from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import expect

from e2e.visiteurs import PIECES_BONNES, Portail, l_ouvrier_passe
from segurnum.comptes.models import Profil, Utilisateur
from segurnum.controles.tests import fabrique_pieces
from segurnum.demandes.models import Demande, PieceJustificative
from segurnum.demonstration import fabrique
from segurnum.depots.models import Depot
from segurnum.essais import usines
from segurnum.essais.depots import Deposant
from segurnum.journal.queries import evenements_de
from segurnum.regles.calendrier import instant_long, maintenant
from segurnum.regles.cycles import TypeDemande
from segurnum.web.tests import depot as web
from segurnum.web.tests.depot import Fournisseur
from segurnum.web.tests.lecture import mots

MO = 1024 * 1024
LIMITE = 200 * MO
PROGRAMME = b"MZ\x90\x00" + b"\x00" * 60 + b"This program cannot be run in DOS mode."


@pytest.mark.django_db
@pytest.mark.exigence("JSN-035", "JSN-036", "JSN-038", "JSN-042", "JSN-043", "XCT-004")
def test_chaque_piece_fautive_est_nommee_avec_ce_qui_ne_va_pas():
    fournisseur = Fournisseur()
    depot = fournisseur.deposant.importer(4)
    noms = [p.nom for p in PieceJustificative.objects.order_by("pk") if p.nom.endswith(".pdf")]
    lourd = fabrique_pieces.pdf(remplissage=3 * MO - 10_000)
    octets = fabrique_pieces.archive(
        {
            noms[0]: lourd.ljust(3 * MO + 1, b"\n"),
            noms[1]: PROGRAMME,
            noms[2]: fabrique_pieces.pdf(remplissage=20_000)[:10_000],
            "intrus.pdf": fabrique_pieces.pdf(),
        }
    )
    fournisseur.deposant.envoyer(depot, octets)
    page = fournisseur.lire("pieces", depot.pk)
    statuts = {ligne.nom: ligne.statut for ligne in page.context["suivi"].lignes}
    assert "3\N{NO-BREAK SPACE}Mo" in statuts[noms[0]]
    assert "programme" in statuts[noms[1]]
    assert "tronqué ou abîmé" in statuts[noms[2]]
    assert "absente de l'archive" in statuts[noms[3]]
    assert "n'est pas annoncé dans le fichier JSON" in statuts["intrus.pdf"]
    for phrase in statuts.values():
        assert " ".join(phrase[1:].split()) in mots(page)
    assert PIECES_BONNES not in mots(page)


@pytest.mark.e2e
@pytest.mark.django_db(transaction=True)
@pytest.mark.exigence("JSN-045", "FRM-023", "XCT-003", "JSN-042", "JSN-043", "JSN-044")
def test_un_depot_interrompu_se_reprend_d_un_autre_navigateur_et_se_termine_une_fois(
    portail: Portail, deposant: Deposant
):
    avant = portail.entrer(deposant.utilisateur)
    depot = Depot.objects.get(pk=avant.importer(fabrique.en_octets(deposant.fichier(1))))
    avant.contexte.close()
    demande = Demande.objects.get()

    apres = portail.entrer(deposant.utilisateur)
    apres.lire("Attention : des demandes d'avance et/ou de solde n'ont pas été complétées.")
    apres.lien("Suivi des demandes incomplètes").click()
    apres.lien(f"+ Ajouter une pièce à la demande {demande.numero}").click()
    apres.lien("Consulter la demande").click()
    apres.lire("Cette demande n'est pas complétée")
    apres.lien("Reprendre le dépôt des pièces").click()

    fautif = fabrique_pieces.archive({"intrus.pdf": fabrique_pieces.pdf()})
    apres.envoyer_zip(fautif)
    apres.lire("Contrôle de «")
    l_ouvrier_passe()
    apres.lire("n'est pas annoncé dans le fichier JSON")
    expect(apres.bouton("Terminer")).to_be_disabled()
    apres.envoyer_zip(fautif)
    apres.lire("Ce fichier ZIP, au même contenu, a déjà été reçu le")
    apres.envoyer_zip(deposant.zip_de(depot))
    apres.lire("Contrôle de «")
    l_ouvrier_passe()
    apres.bouton("Terminer").dblclick()
    apres.lire("Votre dépôt est terminé")
    demande.refresh_from_db()
    assert demande.statut == "EN_COURS"
    assert len([e for e in evenements_de(demande.dossier.chaine) if e.geste == "COMPLETER"]) == 1


@pytest.mark.e2e
@pytest.mark.django_db(transaction=True)
@pytest.mark.exigence("JSN-039")
def test_le_navigateur_n_envoie_pas_un_zip_trop_gros_et_dit_sa_taille(
    portail: Portail, deposant: Deposant, tmp_path: Path
):
    fournisseur = portail.entrer(deposant.utilisateur)
    depot = deposant.importer(1)
    enorme = tmp_path / "pieces.zip"
    with enorme.open("wb") as flux:
        flux.truncate(LIMITE + 1)  # takes no room on the disk
    fournisseur.page.goto(f"/segurnums/importations/{depot.pk}/pieces")
    envois: list[str] = []
    fournisseur.page.on("request", lambda requete: envois.append(requete.method))
    champ = fournisseur.page.get_by_label("Importer un fichier zip")
    champ.set_input_files(enorme)
    fournisseur.bouton("Importer").click()
    fournisseur.lire("« pieces.zip » fait 200,01 Mo : 200 Mo au plus sont acceptés.")
    expect(champ).to_have_attribute("aria-invalid", "true")
    assert "POST" not in envois


@pytest.mark.e2e
@pytest.mark.django_db(transaction=True)
@pytest.mark.exigence("GST-032", "XCT-008")
def test_de_deux_gestionnaires_le_second_apprend_ce_qu_a_fait_le_premier(
    portail: Portail, deposant: Deposant, agents: dict[Profil, Utilisateur]
):
    (demande,) = web.en_cours(deposant)
    premier = agents[Profil.GESTIONNAIRE]
    second = usines.utilisateur(Profil.GESTIONNAIRE)
    second.password = premier.password
    second.save()
    ecrans = [portail.entrer(personne) for personne in (premier, second)]
    for ecran in ecrans:
        ecran.page.goto(f"/segurnums/gestion/demandes/{demande.numero}")
    ecrans[0].bouton("Valider").click()
    ecrans[0].lire(f"La demande {demande.numero} est validée.")
    ecrans[1].page.locator("summary", has_text="Rejeter").click()
    ecrans[1].page.get_by_label("Motif du rejet").fill("Le bon de commande n'est pas signé.")
    ecrans[1].bouton("Rejeter", exact=False).click()
    ecrans[1].lire("Le geste n'a pas été fait", f"par {premier.username}", "Rien n'a été fait : relisez-la")
    assert "Le bon de commande n'est pas signé." in ecrans[1].page.locator("textarea").evaluate_all(
        "zones => zones.map(zone => zone.value)"
    )
    demande.refresh_from_db()
    assert demande.statut == "VALIDEE"


@pytest.mark.django_db
@pytest.mark.exigence("JSN-021", "RUL-006", "JSN-011")
def test_une_fenetre_fermee_entre_la_simulation_et_l_import_est_dite():
    fournisseur = Fournisseur()
    simulee = fournisseur.suivre(fournisseur.simuler(fournisseur.avances(1)))
    cle = simulee.context["simulation"].pk
    assert simulee.context["peut_importer"]
    fermeture = maintenant() - timedelta(minutes=1)
    dsr = fournisseur.deposant.enrolement.referencement.dsr
    usines.fenetre(dsr, TypeDemande.AVANCE, fermeture=fermeture)
    fermee = f"est fermée depuis le {instant_long(fermeture)}"
    refus = fournisseur.suivre(fournisseur.faire("importer_simulation", cle))
    assert fermee in mots(refus)
    assert not refus.context["peut_importer"]
    assert not Demande.objects.exists()
    assert f"fermée depuis le {instant_long(fermeture)}" in mots(fournisseur.lire("importer"))
