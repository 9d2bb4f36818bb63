"""Who asks for an enrolment: its five steps, what an officer makes of it, the mails that open the account."""

import re
from dataclasses import dataclass

from playwright.sync_api import FilePayload, expect

from e2e.visiteurs import Portail, Surveillance, Visiteur, cocher
from segurnum.comptes.models import Utilisateur
from segurnum.courriels.models import Courriel
from segurnum.demonstration import documents, identites
from segurnum.enrolements.models import Enrolement
from segurnum.essais.courriels import lien_recu, recus
from segurnum.referentiel.models import Referencement
from segurnum.regles.cycles_enrolement import StatutEnrolement

# Of the directory that the demonstration and the tests ask: « Ateliers Hautecime », open.
SIRET = "99900031800017"
REPRESENTANT = "maud.ferrandey@hautecime.example"
DEPOSITAIRE = "iris.nessegrin@hautecime.example"
NOUVEAU = "le-chat-mange-la-pomme"


@dataclass
class Demandeur:
    """Somebody who fills the five steps; each page is looked at before it is sent."""

    visiteur: Visiteur
    vigie: Surveillance

    def champ(self, libelle: str, valeur: str) -> None:
        self.visiteur.page.get_by_label(re.compile(rf"^\s*{libelle}")).fill(valeur)

    def joindre(self, libelle: str) -> None:
        page = self.visiteur.page
        # A page that is still arriving shows its first lines: whether it asks for the captcha is known at its end.
        page.wait_for_load_state()
        page.get_by_label(re.compile(rf"^\s*{libelle}")).set_input_files(pdf(libelle))
        if page.locator("[data-captcha]").count() and not page.get_by_text("Vérifié", exact=True).count():
            cocher(self.visiteur)

    def repondre(self, question: str, reponse: str) -> None:
        groupe = self.visiteur.page.get_by_role("group", name=re.compile(question))
        groupe.get_by_text(reponse).click()

    def etape(self, libelle: str) -> None:
        """The step where one is, said by the panel of the steps."""
        page = self.visiteur.page
        try:
            expect(page.locator("[aria-current=step]")).to_have_text(libelle)
        except AssertionError as ailleurs:
            refus = " ".join(page.locator("[role=alert], .fr-error-text").all_inner_texts())
            raise AssertionError(f"« {libelle} » n'est pas là : {refus}") from ailleurs

    def suivante(self) -> None:
        self.vigie.regarder(self.visiteur.page)
        self.visiteur.bouton("Étape suivante").filter(visible=True).click()

    def chercher_le_logiciel(self, reference: Referencement) -> None:
        """From the home page to the software, found by its number."""
        self.visiteur.page.goto("/segurnum/")
        self.vigie.suivre(self.visiteur.page)
        self.visiteur.lien("Effectuer ma demande d'enrôlement").click()
        self.etape("1 - Référencement")
        self.vigie.regarder(self.visiteur.page)
        self.champ("N° unique de référencement", reference.numero_ans)
        self.visiteur.bouton("Rechercher").click()
        self.visiteur.lire(reference.logiciel, reference.libelle_dsr)

    def chercher_l_entreprise(self) -> None:
        self.etape("2 - Demandeur")
        self.champ("Numéro SIRET", SIRET)
        cocher(self.visiteur)
        self.vigie.regarder(self.visiteur.page)
        self.visiteur.bouton("Rechercher").click()
        page = self.visiteur.page
        expect(page.get_by_label("Dénomination sociale")).to_have_value("ATELIERS HAUTECIME")
        expect(page.get_by_label("Code postal")).to_have_value("87200")
        expect(page.get_by_label("Commune")).not_to_have_value("")
        self.champ("Nom commercial", "Hautecime")

    def representant_legal(self, oui_ou_non: str) -> None:
        self.repondre("Je suis le représentant légal", oui_ou_non)
        self._personne("représentant", "FERRANDEY", "Maud", REPRESENTANT)
        self.joindre("CNI, passeport ou titre de séjour du représentant")

    def employe(self) -> None:
        """Who declares in the name of its employer."""
        self._personne("dépositaire", "NESSEGRIN", "Iris", DEPOSITAIRE)
        self.joindre("CNI, passeport ou titre de séjour du demandeur")
        self.repondre("Merci de préciser votre qualité", "Employé de la personne morale")
        self.joindre("Mandat de délégation de signature")

    def _personne(self, role: str, nom: str, prenom: str, courriel: str) -> None:
        self.champ(f"Nom du {role}", nom)
        self.champ(f"Prénom du {role}", prenom)
        self.champ(f"Email du {role}", courriel)
        self.champ(f"Confirmation email du {role}", courriel)
        self.champ(f"Téléphone du {role}", "01 99 00 00 01")

    def banque_et_tva(self) -> None:
        self.etape("3 - Coordonnées bancaires")
        self.champ("IBAN", identites.iban(7))
        self.champ("BIC", identites.BIC)
        self.champ("Titulaire", "ATELIERS HAUTECIME")
        self.champ("Domiciliation", "Banque des essais")
        self.joindre("RIB")
        self.suivante()
        self.etape("4 - Taux TVA")
        self.repondre("Taux de TVA applicable", "20 %")
        self.suivante()

    def terminer(self) -> Enrolement:
        """Read the recap, tick the boxes; answers the enrolment whose number is shown."""
        self.etape("5 - Confirmation")
        self.visiteur.lire("Récapitulatif de la demande d'enrôlement", "ATELIERS HAUTECIME", REPRESENTANT)
        for case in ("J'ai lu et j'accepte les CGU", "Je suis informé", "L'ensemble des éléments saisis"):
            self.visiteur.page.get_by_text(case).click()
        cocher(self.visiteur)
        self.vigie.regarder(self.visiteur.page)
        self.visiteur.bouton("Terminer").click()
        enrolement = attendre_l_enregistrement(self.visiteur)
        self.vigie.regarder(self.visiteur.page)
        self.visiteur.lien("OK").click()
        return enrolement


def pdf(titre: str) -> FilePayload:
    octets = documents.attester(titre, ("Entreprise : Ateliers Hautecime",))
    return {"name": "piece.pdf", "mimeType": "application/pdf", "buffer": octets}


def attendre_l_enregistrement(visiteur: Visiteur) -> Enrolement:
    visiteur.lire("Demande d'enrôlement enregistrée. Le numéro de votre demande est le ENR")
    enrolement = Enrolement.objects.latest("pk")
    visiteur.lire(f"{enrolement.numero}M0")
    assert enrolement.statut is StatutEnrolement.EN_COURS
    assert Courriel.objects.filter(destinataire=enrolement.courriel, code="M01").exists()
    return enrolement


def ouvrir_en_gestion(agent: Visiteur, enrolement: Enrolement, vigie: Surveillance) -> None:
    """From the queue to the enrolment, beside its pieces."""
    agent.lien("Enrôlements").click()
    vigie.regarder(agent.page)
    agent.lien(enrolement.numero).click()
    agent.lire(f"Demande d'enrôlement {enrolement.numero}")
    vigie.regarder(agent.page)


def valider_en_gestion(agent: Visiteur, enrolement: Enrolement, vigie: Surveillance) -> None:
    ouvrir_en_gestion(agent, enrolement, vigie)
    agent.bouton("Valider").click()
    agent.lire(f"L'enrôlement {enrolement.numero} est validé")
    vigie.regarder(agent.page)


def entrer_par_le_courriel(portail: Portail, adresse: str) -> Visiteur:
    """Follow the link of the mail, choose a password, sign in with the identifier of the other mail."""
    assert {"M05", "M06"} <= set(recus(Utilisateur.objects.get(email=adresse)))
    corps = Courriel.objects.get(destinataire=adresse, code="M05").corps
    trouve = re.search(r"Votre identifiant est : (\S+)", corps)
    assert trouve
    visiteur = portail.visiteur()
    visiteur.page.goto(lien_recu(Utilisateur.objects.get(email=adresse)))
    visiteur.page.get_by_label("Nouveau mot de passe *", exact=False).first.fill(NOUVEAU)
    visiteur.page.get_by_label("Nouveau mot de passe, une seconde fois").fill(NOUVEAU)
    visiteur.bouton("Enregistrer").click()
    visiteur.lire("Votre mot de passe est enregistré")
    visiteur.page.get_by_label("Votre identifiant").fill(trouve[1])
    visiteur.page.get_by_label("Votre mot de passe").fill(NOUVEAU)
    visiteur.bouton("Valider").click()
    visiteur.page.wait_for_url("**/accueil")
    return visiteur
