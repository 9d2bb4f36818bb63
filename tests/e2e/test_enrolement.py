"""Enrolments in a browser, from the public site to the first deposit: who asks, who instructs, what is mailed."""

import re
from dataclasses import dataclass

import pytest
from playwright.sync_api import FilePayload, ViewportSize, expect

from e2e.visiteurs import ORDINATEUR, ZOOM_400, Portail, Surveillance, Visiteur, cocher
from segurnum.comptes.models import CoordonneesBancaires, Profil, Role, Utilisateur
from segurnum.courriels.models import Courriel
from segurnum.demandes.models import Demande
from segurnum.demonstration import documents, fabrique, identites
from segurnum.enrolements.models import Enrolement
from segurnum.essais import usines
from segurnum.essais.courriels import lien_recu, recus
from segurnum.essais.depots import Deposant
from segurnum.referentiel.models import Referencement
from segurnum.regles.cycles import TypeDemande
from segurnum.regles.cycles_enrolement import StatutEnrolement

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

Agents = dict[Profil, Utilisateur]
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
        page.get_by_label(re.compile(rf"^\s*{libelle}")).set_input_files(pdf(libelle))
        if page.locator("[data-captcha]").count() and not page.get_by_text("Vérifié", exact=True).count():
            cocher(self.visiteur)

    def repondre(self, question: str, reponse: str) -> None:
        groupe = self.visiteur.page.get_by_role("group", name=re.compile(question))
        groupe.get_by_text(reponse).click()

    def etape(self, libelle: str) -> None:
        """The step where one is, said by the panel of the steps."""
        expect(self.visiteur.page.locator("[aria-current=step]")).to_have_text(libelle)

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


@pytest.mark.exigence("ENR-009", "ENR-016", "ENR-017", "ENR-022", "ENR-028", "ENR-029", "GST-004")
@pytest.mark.exigence("ENR-031", "ENR-038", "ENR-039", "ENR-043", "ENR-051", "ENR-052", "ENR-054", "ENR-055")
@pytest.mark.exigence("ENR-059", "ENR-061", "ENR-063", "ENR-068", "ENR-110", "ENR-114", "ENR-115", "GST-008")
def test_un_inconnu_s_enrole_puis_importe_son_premier_fichier(
    portail: Portail, surveillance: Surveillance, agents: Agents
) -> None:
    reference = usines.referencement("MS1-DUI")
    for type_demande in TypeDemande:
        usines.fenetre(reference.dsr, type_demande)
    demandeur = Demandeur(portail.visiteur(), surveillance)
    demandeur.chercher_le_logiciel(reference)
    demandeur.joindre("Certificat de référencement")
    demandeur.suivante()
    demandeur.chercher_l_entreprise()
    demandeur.representant_legal("Oui")
    demandeur.suivante()
    demandeur.banque_et_tva()
    enrolement = demandeur.terminer()

    agent = portail.entrer(agents[Profil.GESTIONNAIRE])
    surveillance.suivre(agent.page)
    valider_en_gestion(agent, enrolement, surveillance)
    enrolement.refresh_from_db()
    assert enrolement.statut is StatutEnrolement.VALIDEE
    compte = CoordonneesBancaires.objects.get(entreprise=enrolement.entreprise)
    assert (compte.iban, compte.statut) == (identites.iban(7), CoordonneesBancaires.Statut.ACTIVE)

    fournisseur = entrer_par_le_courriel(portail, REPRESENTANT)
    surveillance.suivre(fournisseur.page)
    titulaire = Utilisateur.objects.get(email=REPRESENTANT)
    assert (titulaire.last_name, titulaire.role) == ("FERRANDEY", Role.ADMINISTRATEUR)
    fournisseur.bouton("Importation JSONs").click()
    fournisseur.lien("Importer mes demandes").click()
    expect(fournisseur.page.get_by_label("Numéro ANS")).to_contain_text(reference.numero_ans)
    fichier = Deposant(enrolement, titulaire).fichier(1)
    fournisseur.importer(fabrique.en_octets(fichier))
    surveillance.regarder(fournisseur.page)
    demande = Demande.objects.get()
    assert (demande.dossier.enrolement, demande.statut) == (enrolement, "NON_COMPLETEE")
    fournisseur.lire(demande.numero, "Demande importée")


@pytest.mark.exigence("ENR-005", "ENR-006", "ENR-007", "ENR-008", "ENR-023", "ENR-064", "ENR-070", "ENR-087")
@pytest.mark.exigence(
    "ENR-088", "ENR-090", "ENR-091", "ENR-092", "ENR-106", "ENR-108", "RUL-021", "GST-004", "GST-007"
)
def test_un_dpi_s_enrole_par_anticipation_puis_depose_ses_deux_documents(
    portail: Portail, surveillance: Surveillance, agents: Agents
) -> None:
    reference = usines.referencement("HOP-DPI", valide=False)
    demandeur = Demandeur(portail.visiteur(), surveillance)
    demandeur.chercher_le_logiciel(reference)
    demandeur.visiteur.lire("Demande d'enrôlement anticipé", "aucun document n'est à déposer")
    expect(demandeur.visiteur.page.locator("input[type=file]")).to_have_count(0)
    demandeur.suivante()
    demandeur.chercher_l_entreprise()
    demandeur.representant_legal("Oui")
    demandeur.suivante()
    demandeur.banque_et_tva()
    enrolement = demandeur.terminer()

    agent = portail.entrer(agents[Profil.GESTIONNAIRE])
    surveillance.suivre(agent.page)
    valider_en_gestion(agent, enrolement, surveillance)
    assert "M03" in recus(Utilisateur.objects.get(email=REPRESENTANT))
    fournisseur = entrer_par_le_courriel(portail, REPRESENTANT)
    surveillance.suivre(fournisseur.page)
    simuler_sans_pouvoir_importer(fournisseur, enrolement)
    finaliser(fournisseur, enrolement, surveillance)
    valider_en_gestion(agent, enrolement, surveillance)
    fournisseur.page.goto("/segurnums/enrolements")
    ligne = fournisseur.page.get_by_role("row", name=enrolement.numero)
    expect(ligne).to_contain_text("Validée")
    surveillance.regarder(fournisseur.page)
    assert recus(Utilisateur.objects.get(email=REPRESENTANT))[-1] == "M02"


def simuler_sans_pouvoir_importer(fournisseur: Visiteur, enrolement: Enrolement) -> None:
    usines.fenetre(enrolement.referencement.dsr, TypeDemande.AVANCE)
    fichier = Deposant(enrolement, Utilisateur.objects.get(email=REPRESENTANT)).fichier(1)
    fournisseur.simuler(fabrique.en_octets(fichier))
    expect(fournisseur.bouton("Importer")).to_be_disabled()


def finaliser(fournisseur: Visiteur, enrolement: Enrolement, vigie: Surveillance) -> None:
    """« Terminer mon dépôt » waits for both documents, which are handed over together."""
    page = fournisseur.page
    fournisseur.bouton("Enrôlement").click()
    fournisseur.lien("Gérer mes demandes d'enrôlement").click()
    ligne = page.get_by_role("row", name=enrolement.numero)
    expect(ligne).to_contain_text("Validation partielle : En attente de certificat(s)")
    vigie.regarder(page)
    fournisseur.lien(f"Déposer des pièces jointes pour {enrolement.numero}").click()
    expect(fournisseur.bouton("Terminer mon dépôt")).to_be_disabled()
    page.get_by_label("Certificat de référencement").set_input_files(pdf("Certificat"))
    fournisseur.bouton("Importer").first.click()
    expect(page.get_by_role("row", name="Certificat de référencement")).to_be_visible()
    expect(fournisseur.bouton("Terminer mon dépôt")).to_be_disabled()
    page.get_by_role("group", name=re.compile("Hébergez-vous")).get_by_text("Non").click()
    page.get_by_role("button", name="Document").set_input_files(pdf("Attestation"))
    fournisseur.bouton("Importer").last.click()
    expect(page.get_by_role("row", name="Attestation sur l'honneur")).to_be_visible()
    vigie.regarder(page)
    page.locator("summary", has_text="Terminer mon dépôt").click()
    fournisseur.bouton("Confirmer : terminer mon dépôt").click()
    fournisseur.lire("Certificat(s) à valider")
    vigie.regarder(page)


@pytest.mark.exigence("ENR-040", "ENR-044", "ENR-045", "ENR-047", "ENR-048", "ENR-062", "GST-008", "XCT-010")
def test_un_employe_enrole_son_entreprise_depuis_un_petit_ecran(
    portail: Portail, surveillance: Surveillance, agents: Agents
) -> None:
    demandeur = Demandeur(portail.visiteur(ZOOM_400), surveillance)
    demandeur.chercher_le_logiciel(usines.referencement("MS1-DUI"))
    demandeur.joindre("Certificat de référencement")
    demandeur.suivante()
    demandeur.chercher_l_entreprise()
    demandeur.representant_legal("Non")
    demandeur.visiteur.lire("La boîte mail saisie sera celle sur laquelle arriveront l'ensemble des mails.")
    demandeur.visiteur.lire("Modèle contrat de prestation", "Modèle de mandat")
    demandeur.employe()
    demandeur.suivante()
    demandeur.banque_et_tva()
    demandeur.visiteur.lire("d - Dépositaire", DEPOSITAIRE)
    enrolement = demandeur.terminer()
    assert enrolement.courriel == DEPOSITAIRE
    assert set(enrolement.pieces.values_list("type", flat=True)) == {
        *("CERTIFICAT", "IDENTITE_REPRESENTANT", "IDENTITE_DEPOSITAIRE", "MANDAT_SIGNATURE", "RIB")
    }
    valider_en_gestion(portail.entrer(agents[Profil.GESTIONNAIRE]), enrolement, surveillance)
    titulaire = Utilisateur.objects.get(entreprise=enrolement.entreprise)
    assert (titulaire.email, titulaire.last_name) == (DEPOSITAIRE, "NESSEGRIN")


@pytest.mark.exigence("ENR-002", "ENR-071", "ENR-072", "ENR-075", "ENR-079", "ENR-081")
@pytest.mark.exigence("ENR-098", "ENR-110")
def test_une_demande_complementaire_ouvre_un_autre_logiciel(
    portail: Portail, surveillance: Surveillance, deposant: Deposant, agents: Agents
) -> None:
    reference = usines.referencement("MDV-LGC")
    fournisseur = portail.entrer(deposant.utilisateur)
    surveillance.suivre(fournisseur.page)
    enrolement = completer(Demandeur(fournisseur, surveillance), reference)
    assert enrolement.entreprise == deposant.enrolement.entreprise
    agent = portail.entrer(agents[Profil.GESTIONNAIRE])
    valider_en_gestion(agent, enrolement, surveillance)
    fournisseur.page.goto("/segurnums/enrolements")
    ligne = fournisseur.page.get_by_role("row", name=enrolement.numero)
    expect(ligne).to_contain_text(re.compile("Validée.*complémentaire", re.IGNORECASE | re.DOTALL))
    fournisseur.page.goto("/segurnums/importation")
    expect(fournisseur.page.get_by_label("Numéro ANS")).to_contain_text(reference.numero_ans)


@pytest.mark.exigence("ENR-063", "ENR-101", "ENR-109", "GST-005")
def test_un_enrolement_rejete_dit_pourquoi(
    portail: Portail, surveillance: Surveillance, deposant: Deposant, agents: Agents
) -> None:
    enrolement = usines.enrolement_depose(
        code="MDV-LGC", societe=deposant.enrolement.entreprise, type=Enrolement.Type.COMPLEMENTAIRE
    )
    agent = portail.entrer(agents[Profil.GESTIONNAIRE])
    ouvrir_en_gestion(agent, enrolement, surveillance)
    agent.page.locator("summary", has_text="Rejeter").click()
    agent.bouton("Rejeter").click()
    agent.lire("Le motif du rejet est obligatoire")
    surveillance.regarder(agent.page)
    motif = "Le certificat est celui d'un autre logiciel."
    agent.page.get_by_label("Motif du rejet").fill(motif)
    agent.bouton("Rejeter").click()
    agent.lire(f"L'enrôlement {enrolement.numero} est rejeté")
    assert motif in Courriel.objects.get(code="M04", destinataire=enrolement.courriel).corps
    fournisseur = portail.entrer(deposant.utilisateur)
    surveillance.suivre(fournisseur.page)
    fournisseur.page.goto("/segurnums/enrolements")
    fournisseur.lien(f"Consulter {enrolement.numero}").click()
    fournisseur.lire("Statut : Rejetée", "Motif du rejet", motif)
    surveillance.regarder(fournisseur.page)


def completer(demandeur: Demandeur, reference: Referencement) -> Enrolement:
    """The one form of a company that has an account."""
    fournisseur = demandeur.visiteur
    fournisseur.bouton("Enrôlement").click()
    fournisseur.lien("Faire une demande complémentaire").click()
    demandeur.champ("N° unique de référencement", reference.numero_ans)
    demandeur.vigie.regarder(fournisseur.page)
    fournisseur.bouton("Rechercher").click()
    fournisseur.lire(reference.logiciel, reference.libelle_dsr)
    expect(fournisseur.page.get_by_label("IBAN")).to_have_count(0)
    demandeur.joindre("Certificat de référencement")
    demandeur.repondre("Taux de TVA applicable", "20 %")
    demandeur.vigie.regarder(fournisseur.page)
    fournisseur.bouton("Terminer").filter(visible=True).click()
    return attendre_l_enregistrement(fournisseur)


@pytest.mark.exigence("ENR-013", "XCT-010")
@pytest.mark.parametrize("ecran", [ORDINATEUR, ZOOM_400], ids=["ordinateur", "zoom"])
def test_une_etape_quittee_par_le_panneau_garde_ce_qui_y_est_saisi(
    portail: Portail, surveillance: Surveillance, ecran: ViewportSize
) -> None:
    demandeur = Demandeur(portail.visiteur(ecran), Surveillance())  # a refusal is one of its sights
    visiteur, page = demandeur.visiteur, demandeur.visiteur.page
    demandeur.chercher_le_logiciel(usines.referencement("MS1-DUI"))
    demandeur.joindre("Certificat de référencement")
    demandeur.suivante()
    demandeur.chercher_l_entreprise()
    demandeur.repondre("Je suis le représentant légal", "Oui")
    demandeur.champ("Nom du représentant", "FERRANDEY")
    surveillance.regarder(page)
    visiteur.bouton("1 - Référencement").click()
    demandeur.etape("1 - Référencement")
    visiteur.bouton("2 - Demandeur").click()
    expect(page.get_by_label("Nom commercial")).to_have_value("Hautecime")
    visiteur.bouton("Recevoir un lien pour reprendre plus tard").click()
    visiteur.lire("Un lien vous est envoyé par courriel")
    visiteur.lien("Retour").click()
    expect(page.locator("#id_representant_nom")).to_have_value("FERRANDEY")
    # « Entrée » stays « Etape suivante », whichever buttons stand before the fields.
    page.locator("#id_representant_nom").press("Enter")
    visiteur.lire("Le formulaire n'a pas été accepté")
    demandeur.etape("2 - Demandeur")


@pytest.mark.exigence("ENR-013")
def test_une_etape_quittee_par_un_lien_se_garde_seule(portail: Portail) -> None:
    demandeur = Demandeur(portail.visiteur(ORDINATEUR), Surveillance())
    page = demandeur.visiteur.page
    demandeur.chercher_le_logiciel(usines.referencement("MS1-DUI"))
    demandeur.joindre("Certificat de référencement")
    demandeur.suivante()
    demandeur.chercher_l_entreprise()
    demandeur.repondre("Je suis le représentant légal", "Oui")
    etape = page.url
    demandeur.champ("Nom du représentant", "FERRANDEY")
    demandeur.champ("Email du représentant", "a.ferrandey@valombreuse.example")
    page.goto("/segurnum/foires-aux-questions")
    # Sent on the way out, it may come after the next page is asked for.
    while page.goto(etape) and page.locator("#id_representant_courriel").input_value() == "":
        pass
    expect(page.locator("#id_representant_nom")).to_have_value("FERRANDEY")
    # Back at once, the page that follows the one that was left is not another tab.
    demandeur.champ("Prénom du représentant", "Aude")
    demandeur.visiteur.bouton("1 - Référencement").click()
    demandeur.etape("1 - Référencement")
