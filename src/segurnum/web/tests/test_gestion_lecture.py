"""The pieces beside the data: pages drawn by the portal, and readings that leave a trace."""

import errno
import re
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from segurnum.comptes.models import CoordonneesBancaires, Profil, Role
from segurnum.controles.tests import fabrique_pieces
from segurnum.coordonnees.tests.monde import Societe
from segurnum.enrolements.models import Enrolement
from segurnum.enrolements.pieces import TypePiece
from segurnum.essais import usines
from segurnum.fichiers import lectures, rendus
from segurnum.fichiers.stockage import StockageLocal
from segurnum.regles.calendrier import maintenant
from segurnum.regles.identifiants import iban_en_groupes, iban_masque
from segurnum.web.tests import instruction
from segurnum.web.tests.depot import Fournisseur, en_cours
from segurnum.web.tests.instruction import Agent, Reponse, octets
from segurnum.web.tests.lecture import lien, mots

pytestmark = pytest.mark.django_db

PERSONNELLES = (TypePiece.IDENTITE_REPRESENTANT, TypePiece.RIB)
INSTRUISENT = {Profil.GESTIONNAIRE, Profil.ADMINISTRATION}


def _demande(*pieces: tuple[str, bytes]) -> Any:
    demande = instruction.demande()
    demande.pieces.all().delete()
    for nom, contenu in pieces:
        demande.pieces.create(nom=nom, type="AUTRE", fichier=usines.fichier(contenu), depose_le=maintenant())
    return demande


def _image(reponse: Reponse) -> str:
    """What the picture of the page says to who does not see it; empty without any."""
    trouvee = re.search(
        r'<img class="gestion-page[^>]*src="data:image/[a-z]+;base64,[^"]+" alt="([^"]*)"', _html(reponse)
    )
    return trouvee[1] if trouvee else ""


def _html(reponse: Reponse) -> str:
    return str(reponse.content.decode())


@pytest.mark.exigence("GST-011", "XCT-009")
def test_un_pdf_se_lit_page_par_page_en_image_et_sans_cadre():
    demande = _demande(("bdc.pdf", fabrique_pieces.pdf(3)))
    agent = Agent(Profil.DECIDEUR)
    page = agent.lire("demande", demande.numero)
    assert _image(page) == "bdc.pdf, page 1 sur 3"
    assert "Page précédente" not in mots(page)
    suivante = agent.client.get(lien(page, "Page suivante"))
    assert _image(suivante) == "bdc.pdf, page 2 sur 3"
    assert _image(agent.client.get(lien(suivante, "Page précédente"))) == "bdc.pdf, page 1 sur 3"
    grande = agent.client.get(lien(suivante, "200 %"))
    assert _image(grande) == "bdc.pdf, page 2 sur 3"
    assert "gestion-page--200" in _html(grande)
    assert "<iframe" not in _html(page)
    assert page["X-Frame-Options"] == "DENY"
    politique = page["Content-Security-Policy"]
    assert "frame-src 'none'" in politique
    assert "frame-ancestors 'none'" in politique


def test_sans_le_stockage_le_dossier_se_lit_et_dit_que_la_piece_attend(monkeypatch: pytest.MonkeyPatch):
    demande = _demande(("bdc.pdf", fabrique_pieces.pdf(1)))
    agent = Agent(Profil.DECIDEUR)
    with monkeypatch.context() as panne:
        panne.setattr(StockageLocal, "_open", _refuser)
        panne.setattr(rendus, "_reserve", rendus.Reserve())  # another test may have drawn the same piece
        page = agent.lire("demande", demande.numero)
    assert page.status_code == 200
    assert "Le portail ne peut pas relire ce fichier pour le moment" in mots(page)
    assert _image(page) == ""
    assert _image(agent.lire("demande", demande.numero)) == "bdc.pdf, page 1 sur 1"


def _refuser(*args: Any, **options: Any) -> Any:
    raise OSError(errno.EIO, "en panne")


@pytest.mark.exigence("GST-011")
def test_l_original_se_telecharge_par_un_lien_qui_le_dit():
    contenu = fabrique_pieces.pdf()
    demande = _demande(("bdc.pdf", contenu))
    agent = Agent(Profil.GESTIONNAIRE)
    original = agent.client.get(lien(agent.lire("demande", demande.numero), "Télécharger l'original bdc.pdf"))
    assert octets(original) == contenu
    assert original["Content-Disposition"] == 'attachment; filename="bdc.pdf"'


def test_une_autre_piece_prend_la_place_et_ce_que_dit_l_adresse_reste():
    demande = _demande(("a.pdf", fabrique_pieces.pdf()), ("b.png", fabrique_pieces.image("PNG")))
    agent = Agent(Profil.GESTIONNAIRE)
    page = agent.lire("demande", demande.numero, statut="TOUS")
    assert _image(page) == "a.pdf, page 1 sur 1"
    autre = agent.client.get(lien(page, "b.png"))
    assert _image(autre) == "b.png, page 1 sur 1"
    assert autre.wsgi_request.GET["statut"] == "TOUS"
    assert 'aria-current="true">b.png' in _html(autre)


@pytest.mark.exigence("GST-011")
def test_une_page_qui_ne_se_dessine_pas_le_dit_et_s_offre_a_telecharger():
    demande = _demande(("casse.pdf", b"%PDF-1.7 rien"))
    page = Agent(Profil.GESTIONNAIRE).lire("demande", demande.numero)
    assert _image(page) == ""
    assert "casse.pdf ne peut pas être montrée" in mots(page)
    assert lien(page, "Télécharger l'original casse.pdf")


def test_un_texte_se_lit_dans_la_page_comme_un_texte():
    demande = _demande(("preuve.txt", "Déployé <script>x</script>".encode("cp1252")))
    page = Agent(Profil.GESTIONNAIRE).lire("demande", demande.numero)
    assert '<pre class="gestion-texte">Déployé &lt;script&gt;x&lt;/script&gt;</pre>' in _html(page)


def test_une_adresse_qui_n_a_pas_de_sens_montre_la_premiere_page():
    demande = _demande(("bdc.pdf", fabrique_pieces.pdf(2)))
    agent = Agent(Profil.GESTIONNAIRE)
    for valeurs in ({"piece": "x"}, {"page_piece": "-1"}, {"page_piece": "9" * 5_000}, {"zoom": "1e9"}):
        assert _image(agent.lire("demande", demande.numero, **valeurs)) == "bdc.pdf, page 1 sur 2"
    assert _image(agent.lire("demande", demande.numero, page_piece="77")) == "bdc.pdf, page 2 sur 2"


def _enrolement(type_piece: TypePiece) -> Enrolement:
    inscrit = usines.enrolement_depose(types=[])
    usines.piece_enrolement(
        inscrit, type_piece, fichier=usines.fichier(fabrique_pieces.pdf()), confirmee=True
    )
    return inscrit


def _afficher(agent: Agent, page: Reponse) -> Reponse:
    """Press « Afficher la pièce », as the page holds it."""
    formulaire = re.search(
        r'<form method="post" action="([^"]+)"[^>]*>((?:(?!</form>).)*Afficher la pièce)', _html(page), re.S
    )
    assert formulaire, mots(page)
    champs = dict(re.findall(r'name="(usage|suite)" value="([^"]*)"', formulaire[2]))
    champs["suite"] = champs["suite"].replace("&amp;", "&")
    return agent.client.post(formulaire[1], champs)


@pytest.mark.exigence("GST-003", "XCT-009")
@pytest.mark.parametrize("type_piece", PERSONNELLES)
def test_une_piece_personnelle_ne_se_montre_qu_apres_un_geste_inscrit_au_journal(
    type_piece: TypePiece, monkeypatch: pytest.MonkeyPatch
):
    inscrit = _enrolement(type_piece)
    agent, collegue = Agent(Profil.GESTIONNAIRE), Agent(Profil.GESTIONNAIRE)
    page = agent.lire("enrolement", inscrit.numero)
    assert (_image(page), lectures.toutes().count()) == ("", 0)
    assert "est inscrit au journal, à votre nom" in mots(page)
    retour = _afficher(agent, page)
    assert retour.status_code == 302
    montree = agent.client.get(retour.url)
    assert _image(montree)
    (fait,) = lectures.toutes()
    assert (fait.acteur, fait.geste, fait.details["sujet"]) == (agent.utilisateur, "VOIR", inscrit.numero)
    assert _image(collegue.client.get(retour.url)) == "", "la lecture est à qui l'a demandée"
    plus_tard = maintenant() + lectures.DUREE + timedelta(minutes=1)
    monkeypatch.setattr(lectures, "maintenant", lambda: plus_tard)
    assert _image(agent.client.get(retour.url)) == "", "elle se referme"


@pytest.mark.exigence("GST-003", "XCT-009")
@pytest.mark.parametrize("profil", [Profil.DECIDEUR, Profil.COMPTABLE])
def test_qui_n_instruit_pas_ne_voit_pas_les_identites_meme_en_les_nommant(profil: Profil):
    inscrit = _enrolement(TypePiece.IDENTITE_REPRESENTANT)
    piece, agent = inscrit.pieces.get(), Agent(profil)
    page = agent.lire("enrolement", inscrit.numero, piece=str(piece.pk))
    assert "Réservée à d'autres profils que le vôtre" in mots(page)
    adresse = reverse("gestion:piece_enrolement", args=[inscrit.numero, piece.pk])
    assert adresse not in _html(page)
    for usage in ("VOIR", "TELECHARGER"):
        assert agent.client.post(adresse, {"usage": usage}).status_code == 403
    assert not lectures.toutes().exists()


@pytest.mark.exigence("XCT-009")
def test_la_suite_d_un_geste_reste_dans_le_portail():
    inscrit = _enrolement(TypePiece.RIB)
    agent = Agent(Profil.GESTIONNAIRE)
    adresse = reverse("gestion:piece_enrolement", args=[inscrit.numero, inscrit.pieces.get().pk])
    for suite in ("https://ailleurs.example/", "//ailleurs.example", "javascript:alert(1)"):
        retour = agent.client.post(adresse, {"usage": "VOIR", "suite": suite})
        assert retour["Location"] == reverse("gestion:enrolement", args=[inscrit.numero])


def _entier(compte: CoordonneesBancaires, page: Reponse) -> bool:
    assert compte.iban not in _html(page).replace(" ", "") or iban_en_groupes(compte.iban) in _html(page)
    return iban_en_groupes(compte.iban) in _html(page)


@pytest.mark.exigence("REQ-045", "XCT-009")
def test_un_iban_entier_se_lit_par_un_geste_par_les_agents_qui_en_ont_besoin():
    demande = instruction.demande()
    compte = demande.entreprise.compte_actif
    assert compte is not None
    adresse = reverse("gestion:afficher_iban", args=[compte.pk])
    for profil in (*INSTRUISENT, Profil.COMPTABLE, Profil.DECIDEUR):
        agent = Agent(profil)
        page = agent.lire("demande", demande.numero)
        assert compte.iban_masque in _html(page)
        assert not _entier(compte, page)
        permis = profil is not Profil.DECIDEUR
        assert (adresse in _html(page)) is permis
        avant = lectures.toutes().count()
        assert agent.client.post(adresse).status_code == (302 if permis else 403)
        assert lectures.toutes().count() - avant == int(permis)
        assert _entier(compte, agent.lire("demande", demande.numero)) is permis


@pytest.mark.exigence("REQ-045", "ACC-002", "XCT-009")
def test_dans_l_entreprise_l_iban_entier_est_aux_administrateurs_par_un_geste():
    fournisseur = Fournisseur()
    (demande,) = en_cours(fournisseur.deposant)
    qui, compte = fournisseur.deposant.utilisateur, demande.entreprise.compte_actif
    assert compte is not None
    adresse = reverse("fournisseur:afficher_iban", args=[compte.pk])
    for role in (Role.LECTEUR, Role.DEPOSANT, Role.ADMINISTRATEUR):
        qui.role = role
        qui.save()
        permis = role is Role.ADMINISTRATEUR
        pages = [("demande", demande.numero), ("comptes_bancaires",)]
        for route, *args in pages:
            page = fournisseur.lire(route, *args)
            assert compte.iban_masque in _html(page)
            assert not _entier(compte, page)
            assert (adresse in _html(page)) is permis
        assert fournisseur.client.post(adresse).status_code == (302 if permis else 403)
        for route, *args in pages:
            assert _entier(compte, fournisseur.lire(route, *args)) is permis


@pytest.mark.exigence("ENR-104", "XCT-009")
@pytest.mark.parametrize("role", Role)
def test_une_declaration_d_enrolement_masque_son_iban_et_cache_ce_qui_est_reserve(role: Role):
    inscrit = usines.enrolement_depose(types=[*PERSONNELLES, TypePiece.CERTIFICAT])
    inscrit.pieces.update(confirmee=True)
    fournisseur = Fournisseur()
    fournisseur.client.force_login(
        usines.utilisateur(Profil.FOURNISSEUR, entreprise=inscrit.entreprise, role=role)
    )
    iban = inscrit.donnees["banque"]["iban"]
    page = fournisseur.lire("enrolement", inscrit.numero)
    assert iban not in _html(page).replace(" ", "")
    assert iban_masque(iban) in _html(page)
    adresses = {
        piece.type: reverse("fournisseur:piece_enrolement", args=[inscrit.numero, piece.pk]) in _html(page)
        for piece in inscrit.pieces.all()
    }
    permis = role is Role.ADMINISTRATEUR
    assert adresses == {"IDENTITE_REPRESENTANT": permis, "RIB": permis, "CERTIFICAT": True}
    adresse = reverse("fournisseur:afficher_iban_enrolement", args=[inscrit.numero])
    assert fournisseur.client.post(adresse).status_code == (302 if permis else 403)
    relue = fournisseur.lire("enrolement", inscrit.numero)
    assert (iban in _html(relue).replace(" ", "")) is permis


@pytest.mark.exigence("GST-024", "XCT-009")
def test_un_changement_de_compte_se_compare_masque_meme_quand_les_masques_se_ressemblent():
    modification = Societe().compte_confirme()
    ancien, nouveau = modification.remplace, modification.compte
    assert ancien is not None
    ancien.iban = nouveau.iban[:10] + "9" + nouveau.iban[11:]
    ancien.save()
    assert ancien.iban_masque == nouveau.iban_masque
    agent = Agent(Profil.GESTIONNAIRE)
    page = agent.lire("modification", "banque", modification.pk)
    assert f"<strong>{nouveau.iban_masque}</strong>" in _html(page)
    assert nouveau.iban not in _html(page).replace(" ", "")
    agent.client.post(reverse("gestion:afficher_iban", args=[nouveau.pk]))
    assert iban_en_groupes(nouveau.iban) in _html(agent.lire("modification", "banque", modification.pk))


@pytest.mark.exigence("XCT-009")
def test_l_administration_voit_qui_a_lu_quoi_et_elle_seule():
    inscrit = _enrolement(TypePiece.RIB)
    comptable, administration = Agent(Profil.COMPTABLE), Agent(Profil.ADMINISTRATION)
    adresse = reverse("gestion:piece_enrolement", args=[inscrit.numero, inscrit.pieces.get().pk])
    assert octets(comptable.client.post(adresse))
    page = administration.lire("lectures")
    for dit in (comptable.utilisateur.username, "Comptable", "RIB", inscrit.numero, "Téléchargement"):
        assert dit in mots(page)
    assert inscrit.numero in mots(administration.lire("lectures", f_genre="rib", f_usage="téléch"))
    assert inscrit.numero not in mots(administration.lire("lectures", f_genre="identité"))
    assert comptable.lire("lectures").status_code == 403
    assert "Lectures" in mots(administration.lire("accueil"))
    assert "Lectures" not in mots(comptable.lire("accueil"))
