"""Closing day: two hundred orders, three of them wrong, are deposited from 13:50 on without asking anybody.

Walked with a mouse, by the keyboard alone at 400 %, and in a browser that runs no script.
"""

import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Locator, Page, ViewportSize, expect

from e2e.clavier import Clavier
from e2e.visiteurs import ORDINATEUR, ZOOM_400, Portail, Surveillance, Visiteur, fichier_zip, l_ouvrier_passe
from segurnum.controles.tests import fabrique_pieces
from segurnum.courriels.models import Courriel
from segurnum.demandes.models import Demande
from segurnum.demonstration import documents, fabrique
from segurnum.editorial.models import Ticket
from segurnum.essais import usines
from segurnum.essais.depots import Deposant
from segurnum.essais.horloge import Horloge
from segurnum.regles.calendrier import PARIS, jour_de_paris, maintenant
from segurnum.regles.cycles import TypeDemande

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


@dataclass
class Commandes:
    """What a supplier has at hand that day: its file, the same with one FINESS mistyped, and its pieces."""

    nombre: int
    juste: bytes
    fautif: bytes
    pieces: dict[str, bytes]

    @classmethod
    def de(cls, deposant: Deposant, nombre: int) -> "Commandes":
        fichier = deposant.fichier(nombre)
        juste = fabrique.en_octets(fichier)
        site = fichier["lignesImport"][nombre // 2]["scenarioInstallation"][0]["FINESSGeo"]
        faux = site[:-1] + str((int(site[-1]) + 1) % 10)
        fautif = juste.replace(f'"{site}"'.encode(), f'"{faux}"'.encode())
        return cls(nombre, juste, fautif, dict(fabrique.pieces(deposant.source, fichier)))

    @property
    def mauvaise(self) -> str:
        return next(nom for nom in self.pieces if nom.endswith("00001.pdf"))

    @property
    def absente(self) -> str:
        return next(nom for nom in self.pieces if nom.endswith(f"{self.nombre:05d}.pdf"))

    @property
    def zip(self) -> bytes:
        tronquee = self.pieces[self.mauvaise]
        envoyees = self.pieces | {self.mauvaise: tronquee[: len(tronquee) // 2]}
        del envoyees[self.absente]
        return documents.archiver(list(envoyees.items()))


@dataclass
class Main:
    """How one presses what is on the page: with a mouse, or by the keyboard alone."""

    visiteur: Visiteur
    presser: Callable[[Locator], object]

    @property
    def page(self) -> Page:
        return self.visiteur.page

    def bouton(self, nom: str) -> None:
        self.presser(self.visiteur.bouton(nom))

    def lien(self, nom: str) -> None:
        self.presser(self.visiteur.lien(nom))

    def choisir(self, champ: str, nom: str, octets: bytes) -> None:
        self.page.get_by_label(champ).set_input_files(
            {"name": nom, "mimeType": "application/octet-stream", "buffer": octets}
        )


def au_clavier(page: Page) -> Callable[[Locator], object]:
    return lambda cible: Clavier(page).aller(cible).presser("Enter")


@pytest.fixture
def jour_de_cloture(horloge: Horloge, deposant: Deposant) -> Horloge:
    """It is 13:50 in Paris, and the window closes at 14:00."""
    jour = jour_de_paris(maintenant())
    horloge.tenir(datetime.combine(jour, time(13, 50, 30), PARIS))
    usines.fenetre(
        deposant.enrolement.referencement.dsr,
        TypeDemande.AVANCE,
        fermeture=datetime.combine(jour, time(14), PARIS),
    )
    return horloge


@pytest.mark.exigence("JSN-012", "JSN-042", "JSN-043", "JSN-044", "INC-007", "INC-008")
@pytest.mark.parametrize(
    ("ecran", "nombre", "options"),
    [(ORDINATEUR, 200, {}), (ZOOM_400, 3, {}), (ORDINATEUR, 3, {"java_script_enabled": False})],
    ids=["souris", "clavier-a-400-pour-cent", "sans-script"],
)
def test_le_jour_de_la_cloture_tout_est_depose_sans_rien_demander_a_personne(
    ecran: ViewportSize,
    nombre: int,
    options: dict[str, bool],
    portail: Portail,
    jour_de_cloture: Horloge,
    deposant: Deposant,
):
    commandes = Commandes.de(deposant, nombre)
    visiteur = portail.entrer(deposant.utilisateur, ecran, **options)
    vigie = Surveillance()
    vigie.suivre(visiteur.page)
    regarder = vigie.regarder if not options else lambda page: None
    au_clavier_seul = ecran is ZOOM_400
    main = Main(visiteur, au_clavier(visiteur.page) if au_clavier_seul else Locator.click)
    visiteur.lire("aujourd'hui, dans 0 h 09")

    simuler(main, commandes, regarder)
    importer(main)
    completer(main, commandes, regarder, jour_de_cloture)
    suivre(main, commandes, regarder)
    vigie.conclure()


def simuler(main: Main, commandes: Commandes, regarder: Callable[[Page], None]) -> None:
    """The one wrong request is what the report says first; it is corrected where it is read."""
    main.page.goto("/segurnums/importation")
    main.choisir("Choisissez le fichier", "commandes.json", commandes.fautif)
    main.bouton("Simuler")
    main.visiteur.lire("Fichier non conforme", "aujourd'hui, dans 0 h 09")
    fautive = f"{commandes.nombre // 2 + 1:05d}"
    expect(main.page.locator(".portail-groupe summary").first).to_contain_text(fautive)
    main.visiteur.lire("Numéro FINESS invalide")
    regarder(main.page)
    main.lien("Écarter les demandes en erreur")
    main.visiteur.lire("1 demande de « commandes.json » est en erreur", fautive)
    regarder(main.page)
    main.lien("Retour")
    main.lien("Déposer le fichier corrigé")
    main.choisir("Choisissez le fichier", "commandes-2.json", commandes.juste)
    main.bouton("Simuler le fichier corrigé")
    main.visiteur.lire("Fichier conforme")


def importer(main: Main) -> None:
    main.bouton("Importer")
    main.visiteur.lire("Compte rendu de l'import", "même si la fenêtre de dépôt se ferme d'ici là", "13:50:")
    main.lien("Étape suivante")


def envoyer(main: Main, octets: bytes) -> None:
    main.page.get_by_label("Importer un fichier zip").set_input_files(fichier_zip(octets))
    main.bouton("Importer")
    main.visiteur.lire("Contrôle de «")
    l_ouvrier_passe()
    main.page.reload()


def completer(main: Main, commandes: Commandes, regarder: Callable[[Page], None], horloge: Horloge) -> None:
    """What is right leaves at once; the two others are repaired after 14:00, which changes nothing for them."""
    envoyer(main, commandes.zip)
    bonnes = commandes.nombre - 2
    main.visiteur.lire("2 pièces à corriger", "La fermeture de la fenêtre de dépôt n'y change rien")
    lignes = main.page.locator("table", has_text="Statut import").locator("tbody tr")
    # What is wrong is on the first page, before the two hundred pieces that are right.
    expect(lignes.nth(1).or_(lignes.nth(2)).filter(has_text=commandes.mauvaise)).to_be_visible()
    expect(lignes.nth(1).or_(lignes.nth(2)).filter(has_text=commandes.absente)).to_be_visible()
    regarder(main.page)
    main.bouton("Terminer")
    main.visiteur.lire(f"{bonnes} demande", "aux gestionnaires")
    regarder(main.page)
    assert Demande.objects.filter(statut="EN_COURS").count() == bonnes

    horloge.avancer(minutes=15)
    seule = Demande.objects.get(pieces__nom=commandes.absente)
    depot = main.page.url
    main.lien(f"+ Ajouter une pièce à la demande {seule.numero}")
    main.choisir("Fichier de la pièce", commandes.absente, commandes.pieces[commandes.absente])
    main.bouton("+ Ajouter")
    main.visiteur.lire(f"La pièce « {commandes.absente} » est reçue.")
    main.page.goto(depot)
    envoyer(main, fabrique_pieces.archive({commandes.mauvaise: commandes.pieces[commandes.mauvaise]}))
    main.bouton("Terminer")
    main.visiteur.lire("Votre dépôt est terminé")
    assert set(Demande.objects.values_list("statut", flat=True)) == {"EN_COURS"}


def suivre(main: Main, commandes: Commandes, regarder: Callable[[Page], None]) -> None:
    """The proofs are at hand, the list is taken away, and a question goes to the officer with its request."""
    recu = main.visiteur.telecharger(main.page.get_by_role("link", name="(PDF)").first)
    assert recu.startswith(b"%PDF-")
    assert Courriel.objects.filter(corps__contains=Demande.objects.first().numero).exists()
    main.page.goto("/segurnums/demandes?statut=EN_COURS")
    with main.page.expect_download() as attendu:
        main.bouton("Exporter la liste (XLSX)")
    feuille = load_workbook(io.BytesIO(attendu.value.path().read_bytes())).active
    assert len(list(feuille.iter_rows())) == 1 + commandes.nombre
    demande = Demande.objects.latest("pk")
    main.page.goto(f"/segurnums/demandes/{demande.numero}")
    main.lien("Messages")
    main.page.get_by_label("Votre message").fill("Notre bon de commande porte une seconde signature.")
    main.bouton("Envoyer")
    main.visiteur.lire("Votre message est transmis au service de gestion", "une seconde signature")
    regarder(main.page)
    assert Ticket.objects.get().numero_demande == demande.numero
