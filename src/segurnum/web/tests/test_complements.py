"""Adding the pieces that the officer asked for, or declining to modify."""

import re
from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from segurnum.comptes.models import Role
from segurnum.controles.tests import fabrique_pieces
from segurnum.demandes import services
from segurnum.demandes.models import Demande
from segurnum.web.fournisseur import demandes
from segurnum.web.tests.depot import Fournisseur, Reponse, en_cours, gestionnaire
from segurnum.web.tests.lecture import lien, mots

pytestmark = pytest.mark.django_db

MOTIF = "Joignez le bon de commande signé des deux parties."


def _attendue() -> tuple[Fournisseur, Demande]:
    """A request for which a piece is awaited."""
    fournisseur = Fournisseur()
    (demande,) = en_cours(fournisseur.deposant)
    services.demander_piece(demande=demande.pk, auteur=gestionnaire(), motif=MOTIF)
    return fournisseur, demande


def _ajouter(fournisseur: Fournisseur, demande: Demande, nom: str = "signe.pdf", **saisie: object) -> Reponse:
    octets = saisie.pop("octets", fabrique_pieces.pdf())
    assert isinstance(octets, bytes)
    return fournisseur.faire(
        "ajouter_pieces",
        demande.numero,
        **{"type_piece": "BON_COMMANDE", "fichier": SimpleUploadedFile(nom, octets)} | saisie,
    )


@pytest.mark.exigence("REQ-018", "REQ-021", "REQ-054")
def test_la_piece_demandee_s_ajoute_puis_la_demande_retourne_en_cours():
    fournisseur, demande = _attendue()
    page = fournisseur.lire("ajouter_pieces", demande.numero)
    assert MOTIF in mots(page)
    assert lien(page, "Retour") == f"/segurnums/demandes/{demande.numero}"
    assert "Ne pas modifier" not in mots(page)
    for champ in ("Type de pièce complémentaire *", "Fichier à ajouter *"):
        assert champ in mots(page)
    ajoutee = fournisseur.suivre(_ajouter(fournisseur, demande))
    assert "signe.pdf BON_COMMANDE" in mots(ajoutee)
    assert "La pièce « signe.pdf » est ajoutée." in mots(ajoutee)
    assert Demande.objects.get().statut == "EN_ATTENTE_PIECE"
    validee = fournisseur.suivre(fournisseur.faire("valider_ajout", demande.numero))
    assert "Votre ajout est validé" in mots(validee)
    assert Demande.objects.get().statut == "EN_COURS"
    assert lien(validee, "Télécharger signe.pdf")


@pytest.mark.parametrize("route", ["ajouter_pieces", "modifier"])
def test_une_demande_incomplete_mene_a_ses_pieces_annoncees(route: str):
    """Not told at once that no piece is expected, and that its pieces are."""
    fournisseur = Fournisseur()
    fournisseur.deposant.importer(1)
    demande = Demande.objects.get()
    page = fournisseur.suivre(fournisseur.lire(route, demande.numero))
    assert page.request["PATH_INFO"].endswith(f"/incompletes/{demande.numero}")
    assert "Aucune pièce n'est attendue" not in mots(page)


@pytest.mark.exigence("REQ-054")
def test_seule_une_piece_qui_vient_d_etre_ajoutee_se_supprime():
    fournisseur, demande = _attendue()
    deposee = demande.pieces.get()
    _ajouter(fournisseur, demande)
    ajoutee = demande.pieces.exclude(pk=deposee.pk).get()
    page = fournisseur.lire("ajouter_pieces", demande.numero)
    assert f"/ajout/{ajoutee.pk}/retirer" in page.content.decode()
    assert f"/ajout/{deposee.pk}/retirer" not in page.content.decode()
    fournisseur.faire("retirer_piece", demande.numero, ajoutee.pk)
    assert list(demande.pieces.all()) == [deposee]
    refus = fournisseur.suivre(fournisseur.faire("retirer_piece", demande.numero, deposee.pk))
    assert "Cette pièce ne peut pas être supprimée" in mots(refus)
    assert demande.pieces.filter(pk=deposee.pk).exists()


@pytest.mark.exigence("REQ-054", "MOD-015")
@pytest.mark.parametrize("seconde_fois", [services.demander_piece, services.demander_modification])
def test_un_ajout_deja_valide_ne_se_supprime_plus_quand_on_redemande(seconde_fois: Callable[..., Demande]):
    fournisseur, demande = _attendue()
    _ajouter(fournisseur, demande)
    fournisseur.faire("valider_ajout", demande.numero)
    validee = demande.pieces.get(nom="signe.pdf")
    seconde_fois(demande=demande.pk, auteur=gestionnaire(), motif=MOTIF)
    assert str(validee.pk) not in re.findall(
        r"(?:retirer:|/ajout/)(\d+)", fournisseur.lire("ajouter_pieces", demande.numero).content.decode()
    )
    refus = fournisseur.suivre(fournisseur.faire("retirer_piece", demande.numero, validee.pk))
    assert demande.pieces.filter(pk=validee.pk).exists()
    if seconde_fois is services.demander_piece:
        assert "Cette pièce ne peut pas être supprimée" in mots(refus)


@pytest.mark.exigence("REQ-054")
def test_de_deux_pieces_ajoutees_seule_celle_qu_on_designe_se_supprime():
    fournisseur, demande = _attendue()
    for nom in ("signe.pdf", "tampon.pdf"):
        _ajouter(fournisseur, demande, nom)
    fournisseur.faire("retirer_piece", demande.numero, demande.pieces.get(nom="signe.pdf").pk)
    assert set(demande.pieces.filter(origine="COMPLEMENT").values_list("nom", flat=True)) == {"tampon.pdf"}


@pytest.mark.exigence("REQ-054")
def test_la_piece_d_une_autre_demande_ne_se_supprime_pas_par_celle_ci():
    fournisseur = Fournisseur()
    premiere, seconde = en_cours(fournisseur.deposant, 2)
    for demande in (premiere, seconde):
        services.demander_piece(demande=demande.pk, auteur=gestionnaire(), motif=MOTIF)
    _ajouter(fournisseur, seconde)
    ajoutee = seconde.pieces.get(nom="signe.pdf")
    fournisseur.faire("retirer_piece", premiere.numero, ajoutee.pk)
    assert seconde.pieces.filter(pk=ajoutee.pk).exists()


@pytest.mark.exigence("REQ-054")
def test_un_ajout_valide_ne_se_supprime_pas_pendant_l_instruction():
    fournisseur, demande = _attendue()
    _ajouter(fournisseur, demande)
    ajoutee = demande.pieces.get(nom="signe.pdf")
    fournisseur.faire("valider_ajout", demande.numero)
    fournisseur.faire("retirer_piece", demande.numero, ajoutee.pk)
    assert demande.pieces.filter(pk=ajoutee.pk).exists()


@pytest.mark.exigence("REQ-021")
def test_valider_sans_rien_ajouter_se_refuse_et_se_dit():
    fournisseur, demande = _attendue()
    page = fournisseur.suivre(fournisseur.faire("valider_ajout", demande.numero))
    assert "Ajoutez au moins une pièce" in mots(page)
    assert Demande.objects.get().statut == "EN_ATTENTE_PIECE"
    assert "disabled>Valider mon ajout" in page.content.decode()


@pytest.mark.exigence("XCT-004", "XCT-008")
@pytest.mark.parametrize(
    ("nom", "octets", "phrase"),
    [
        ("note.docx", b"x", "porte l'extension .docx"),
        ("vide.pdf", b"", "est vide"),
        ("programme.pdf", b"MZ\x90\x00" + b"\x00" * 100, "programme Windows"),
        ("x" * 97 + ".pdf", b"%PDF-1.4", "100 au plus"),
    ],
    ids=["format", "vide", "programme", "nom"],
)
def test_un_fichier_refuse_dit_pourquoi_et_garde_le_type_choisi(nom: str, octets: bytes, phrase: str):
    fournisseur, demande = _attendue()
    page = _ajouter(fournisseur, demande, nom, octets=octets, type_piece="PREUVE_HT")
    assert page.status_code == 422
    assert phrase in mots(page)
    assert '<option value="PREUVE_HT" selected>' in page.content.decode()
    assert demande.pieces.count() == 1


def test_deux_pieces_de_meme_nom_se_refusent():
    fournisseur, demande = _attendue()
    _ajouter(fournisseur, demande)
    page = _ajouter(fournisseur, demande, "SIGNE.pdf")
    assert page.status_code == 422
    assert "a déjà une pièce nommée" in mots(page)


@pytest.mark.exigence("XCT-004")
def test_un_fichier_trop_gros_est_refuse_par_une_phrase(monkeypatch: pytest.MonkeyPatch):
    fournisseur, demande = _attendue()
    monkeypatch.setattr(demandes.ajouter_pieces, "taille_max", 100)
    page = _ajouter(fournisseur, demande, octets=b"x" * 3_000)
    assert page.status_code == 413
    assert "Le fichier dépasse 4 Mo" in mots(page)


@pytest.mark.parametrize("nom", ["photo.jpg", "photo.JPEG", "photo.png"])
def test_les_images_sont_acceptees(nom: str):
    fournisseur, demande = _attendue()
    genre = "PNG" if nom.endswith("png") else "JPEG"
    assert _ajouter(fournisseur, demande, nom, octets=fabrique_pieces.image(genre)).status_code == 302
    assert demande.pieces.filter(nom=nom, fichier__isnull=False).exists()


@pytest.mark.exigence("REQ-018")
def test_rien_ne_s_ajoute_a_une_demande_qui_n_attend_rien():
    fournisseur = Fournisseur()
    (demande,) = en_cours(fournisseur.deposant)
    page = fournisseur.suivre(fournisseur.lire("ajouter_pieces", demande.numero))
    assert "Aucune pièce n'est attendue" in mots(page)
    fournisseur.suivre(_ajouter(fournisseur, demande))
    assert demande.pieces.count() == 1


def test_un_lecteur_n_ajoute_rien():
    fournisseur, demande = _attendue()
    fournisseur.deposant.utilisateur.role = Role.LECTEUR
    fournisseur.deposant.utilisateur.save()
    assert _ajouter(fournisseur, demande).status_code == 403
    consultation = fournisseur.lire("demande", demande.numero)
    assert "Déposer une pièce complémentaire" not in mots(consultation)
