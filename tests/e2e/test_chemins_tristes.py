"""What goes wrong for people, and the sentence that each of them reads."""

import re
import socket
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from select import select
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from playwright.sync_api import expect
from pytest_django.live_server_helper import LiveServer

from e2e.visiteurs import PIECES_BONNES, Portail, l_ouvrier_passe
from segurnum.comptes.models import Profil, Utilisateur
from segurnum.controles.tests import fabrique_pieces
from segurnum.demandes.models import Demande, PieceJustificative
from segurnum.demonstration import fabrique
from segurnum.depots.models import Archive, Depot
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
TRANCHE = 64 * 1024
SEPARATION = "fin-de-la-partie"
PROGRAMME = b"MZ\x90\x00" + b"\x00" * 60 + b"This program cannot be run in DOS mode."

reel = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


class Envoi:
    """A ZIP sent octet by octet on a socket, by somebody signed in, and the answer as soon as it comes."""

    def __init__(self, serveur: LiveServer, fournisseur: Fournisseur, depot: Depot) -> None:
        adresse = urlsplit(serveur.url)
        self.prise = socket.create_connection((adresse.hostname, adresse.port), timeout=30)
        self.chemin = f"/segurnums/importations/{depot.pk}/pieces"
        jeton = "a" * 32
        session = fournisseur.client.cookies[settings.SESSION_COOKIE_NAME].value
        self.entetes = {
            "Host": adresse.netloc,
            "Cookie": f"{settings.SESSION_COOKIE_NAME}={session}; {settings.CSRF_COOKIE_NAME}={jeton}",
            "X-CSRFToken": jeton,
            "Content-Type": f"multipart/form-data; boundary={SEPARATION}",
            "Connection": "close",
        }
        self.envoyes = 0

    def envoyer(self, taille: int, remplissage: int) -> bytes:
        """A file of `taille` octets, then `remplissage` octets of another field; sending stops once answered."""
        debut = self._partie("archive", '; filename="p.zip"') + self._partie("reste", "")
        total = len(debut) + taille + remplissage + len(self._fin())
        lignes = [
            f"POST {self.chemin} HTTP/1.1",
            *(f"{nom}: {valeur}" for nom, valeur in self.entetes.items()),
            f"Content-Length: {total}",
            "",
            "",
        ]
        self.prise.sendall("\r\n".join(lignes).encode())
        for morceau in self._corps(taille, remplissage):
            if select([self.prise], [], [], 0)[0]:
                break
            self.prise.sendall(morceau)
            self.envoyes += len(morceau)
        assert self.envoyes < total
        return b"".join(iter(lambda: self.prise.recv(TRANCHE), b""))

    def _corps(self, taille: int, remplissage: int) -> Iterator[bytes]:
        yield self._partie("archive", '; filename="p.zip"')
        zeros = bytes(TRANCHE)
        for _ in range(taille // TRANCHE):
            yield zeros
        yield bytes(taille % TRANCHE)
        yield self._partie("reste", "")
        for _ in range(remplissage // TRANCHE):
            # The server has all it needs to answer: leave it the time to, rather than run ahead of it.
            select([self.prise], [], [], 2)
            yield zeros

    def _partie(self, nom: str, suite: str) -> bytes:
        return f'\r\n--{SEPARATION}\r\nContent-Disposition: form-data; name="{nom}"{suite}\r\n\r\n'.encode()

    def _fin(self) -> bytes:
        return f"\r\n--{SEPARATION}--\r\n".encode()


@pytest.mark.django_db(transaction=True)
@pytest.mark.exigence("JSN-039", "XCT-004", "XCT-006")
@pytest.mark.parametrize(
    ("taille", "remplissage", "au_plus"),
    [(LIMITE + 1, 512 * 1024, LIMITE + 384 * 1024), (2 * LIMITE, 0, 8 * MO)],
    ids=["un octet de trop, au fil de l'eau", "annoncé trop gros, aussitôt"],
)
def test_un_zip_de_plus_de_200_mo_est_refuse_sans_attendre_sa_fin(
    live_server: LiveServer, taille: int, remplissage: int, au_plus: int
):
    fournisseur = Fournisseur()
    depot = fournisseur.deposant.importer(1)
    envoi = Envoi(live_server, fournisseur, depot)
    with closing(envoi.prise):
        reponse = envoi.envoyer(taille, remplissage)
    assert re.match(rb"HTTP/1\.[01] 413 ", reponse)
    assert "Le fichier ZIP dépasse 200 Mo (209 715 200 octets)".encode() in reponse
    assert envoi.envoyes <= au_plus
    assert not Archive.objects.exists()
    assert not [f for f in Path(settings.FILE_UPLOAD_TEMP_DIR).iterdir() if f.stat().st_size > 100 * MO]


@pytest.mark.django_db
@pytest.mark.exigence("JSN-035", "JSN-036", "JSN-038", "JSN-042", "JSN-043", "XCT-004")
def test_chaque_piece_fautive_est_nommee_avec_ce_qui_ne_va_pas():
    fournisseur = Fournisseur()
    depot = fournisseur.deposant.importer(4)
    noms = [p.nom for p in PieceJustificative.objects.order_by("pk") if p.nom.endswith(".pdf")]
    entier = fabrique_pieces.pdf(remplissage=3 * MO)
    octets = fabrique_pieces.archive(
        {
            noms[0]: entier + b"\n" * (3 * MO + 1 - len(entier)) if len(entier) < 3 * MO else entier,
            noms[1]: PROGRAMME,
            noms[2]: fabrique_pieces.pdf(remplissage=20_000)[:10_000],
            "intrus.pdf": fabrique_pieces.pdf(),
        }
    )
    fournisseur.deposant.envoyer(depot, octets)
    page = fournisseur.lire("pieces", depot.pk)
    statuts = {ligne.nom: ligne.statut for ligne in page.context["suivi"].lignes}
    assert "3 Mo" in statuts[noms[0]]
    assert "programme" in statuts[noms[1]]
    assert "tronqué ou abîmé" in statuts[noms[2]]
    assert "absente de l'archive" in statuts[noms[3]]
    assert "n'est pas annoncé dans le fichier JSON" in statuts["intrus.pdf"]
    for phrase in statuts.values():
        assert phrase[1:] in mots(page)
    assert PIECES_BONNES not in mots(page)


class TestUnDepotInterrompu:
    pytestmark = reel

    @pytest.mark.exigence("JSN-045", "INC-001", "INC-012", "FRM-023", "XCT-003", "JSN-042", "JSN-043", "JSN-044")
    def test_se_reprend_d_un_autre_navigateur_et_se_termine_une_fois(
        self, portail: Portail, deposant: Deposant
    ):
        avant = portail.entrer(deposant.utilisateur)
        depot = Depot.objects.get(pk=avant.importer(fabrique.en_octets(deposant.fichier(1))))
        avant.contexte.close()
        demande = Demande.objects.get()

        apres = portail.entrer(deposant.utilisateur)
        apres.lire("Attention : des demandes d'avance et/ou de solde n'ont pas été complétées.")
        apres.lien("Suivi demandes incomplètes").click()
        apres.page.locator("summary", has_text=demande.numero).click()
        apres.lien(f"Consulter {demande.numero}").click()
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
@pytest.mark.exigence("JSN-039", "XCT-006")
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
    fournisseur.lire("« pieces.zip » fait 200 Mo : 200 Mo au plus sont acceptés.")
    expect(champ).to_have_attribute("aria-invalid", "true")
    assert "POST" not in envois


@pytest.mark.e2e
@pytest.mark.django_db(transaction=True)
@pytest.mark.exigence("GST-014", "GST-032", "XCT-014", "XCT-008")
def test_de_deux_gestionnaires_le_second_apprend_ce_qu_a_fait_le_premier(
    portail: Portail, deposant: Deposant, agents: dict[Profil, Utilisateur]
):
    (demande,) = web.en_cours(deposant)
    premier = agents[Profil.GESTIONNAIRE]
    second = usines.utilisateur(Profil.GESTIONNAIRE, password=premier.password)
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
