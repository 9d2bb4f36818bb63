"""Accounts, companies and reference data of the demonstration."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import groupby

from django.contrib.auth.hashers import make_password

from segurnum import couloirs
from segurnum.comptes import comptes_bancaires
from segurnum.comptes.auteurs import PORTAIL
from segurnum.comptes.demonstration import MOT_DE_PASSE
from segurnum.comptes.models import Entreprise, Profil, Utilisateur
from segurnum.coordonnees.personnes import Personne
from segurnum.coordonnees.services import enregistrer_personnes
from segurnum.demonstration import identites
from segurnum.demonstration.fabrique import premiere_liste
from segurnum.enrolements.models import Enrolement
from segurnum.enrolements.numeros import numero_suivant
from segurnum.grand_livre.plan import Operation
from segurnum.grand_livre.services import Ligne, ecrire
from segurnum.journal.cycle import noter
from segurnum.journal.services import consigner
from segurnum.paiements.enveloppes import ouvertures
from segurnum.paiements.models import Enveloppe
from segurnum.referentiel.models import Bareme, FenetreDepot, Plafond, Referencement
from segurnum.regles.calendrier import PARIS, jour_de_paris
from segurnum.regles.cycles import TypeDemande
from segurnum.regles.cycles_enrolement import StatutEnrolement

COMPTE_TEMOIN = "demo-fournisseur"
SOURCE = "Jeu de démonstration"

DEBUT = date(2021, 1, 1)
# Ceilings are known for the first beneficiaries of each couloir, but for one in seven, so that a missing one is seen.
_PLAFONDS = 350
_SANS_PLAFOND = 7
_PLAFOND_HT = {"MS1": Decimal("11000.00"), "HOP": Decimal("190000.00"), "RAD": Decimal("16500.00")}
_PLAFOND_HT_PAR_DEFAUT = Decimal("6000.00")
FERMEE_DEPUIS = timedelta(days=30)
FENETRE_FERMEE = ("DSR-HOP-PFI-Va1", TypeDemande.AVANCE)


@dataclass(frozen=True)
class Societe:
    denomination: str
    adresse: str
    code_postal: str
    commune: str
    rang: int
    representant: Personne


_SOCIETES = {
    "demo-fournisseur": Societe(
        "Logiciels Valombreuse",
        "12 rue des Trois-Lunes",
        "87000",
        "Limoges",
        1,
        Personne("Lormelin", "Anne", "direction@valombreuse.example", "0199000001"),
    ),
    "demo-fournisseur2": Societe(
        "Brumeval Santé Numérique",
        "4 quai de la Rochesereine",
        "44000",
        "Nantes",
        2,
        Personne("Tessalois", "Marc", "direction@brumeval.example", "0199000002"),
    ),
    "demo-operateur": Societe(
        "Messageries Passerelune",
        "8 place Sainte-Nimbe",
        "35000",
        "Rennes",
        3,
        Personne("Dauphray", "Claire", "direction@passerelune.example", "0199000003"),
    ),
}
_PROFILS = {
    "demo-fournisseur": Profil.FOURNISSEUR,
    "demo-fournisseur2": Profil.FOURNISSEUR,
    "demo-operateur": Profil.OPERATEUR,
    "demo-gestionnaire": Profil.GESTIONNAIRE,
    # Who validates requests accepts no account that they are paid on.
    "demo-gestionnaire2": Profil.GESTIONNAIRE,
    "demo-gestionnaire3": Profil.GESTIONNAIRE,
    "demo-decideur": Profil.DECIDEUR,
    "demo-comptable": Profil.COMPTABLE,
    "demo-admin": Profil.ADMINISTRATION,
    "demo-admin2": Profil.ADMINISTRATION,
}


@dataclass(frozen=True)
class Logiciel:
    compte: str
    code: str
    numero_ans: str
    nom: str
    version: str
    statut: StatutEnrolement = StatutEnrolement.VALIDEE
    taux_tva: Decimal = Decimal("20.00")
    profil_operateur: str = ""


_LOGICIELS = (
    Logiciel("demo-fournisseur", "MDV-LGC-Va1", "MDVLGC0001", "Valcabinet", "5.2"),
    Logiciel("demo-fournisseur", "HOP-DPI-Va1", "HOPDPI0001", "Valpatient", "2024.1"),
    Logiciel("demo-fournisseur", "HOP-PFI-Va1", "HOPPFI0001", "Valpasserelle", "3.0"),
    Logiciel("demo-fournisseur", "MS1-DUI", "MS1DUI0001", "Valusager", "1.4.2"),
    Logiciel("demo-fournisseur", "RAD-RIS", "RADRIS0001", "Valimage", "7.1"),
    # Not liable to VAT: its requests are « HT » and carry the piece that proves it.
    Logiciel("demo-fournisseur2", "MS1-DUI", "MS1DUI0002", "Brumedossier", "2.0", taux_tva=Decimal(0)),
    Logiciel("demo-fournisseur2", "RAD-RIS", "RADRIS0002", "Brumescope", "4.3", taux_tva=Decimal(0)),
    Logiciel(
        "demo-fournisseur2",
        "HOP-DPI-Va1",
        "HOPDPI0002",
        "Brumepatient",
        "0.9",
        StatutEnrolement.VALIDATION_PARTIELLE,
    ),
    # The operator: one number to correct, one to ask the balance of, one to begin with, and the other form couloir.
    Logiciel(
        "demo-operateur",
        "MSS-MSS",
        "MSSMSS0001",
        "Passerelune Messagerie",
        "1.0",
        taux_tva=Decimal(0),
        profil_operateur="DEVELOPPEUR",
    ),
    Logiciel(
        "demo-operateur",
        "MSS-MSS",
        "MSSMSS0002",
        "Passerelune Liaison",
        "2.1",
        taux_tva=Decimal(0),
        profil_operateur="DEVELOPPEUR",
    ),
    Logiciel(
        "demo-operateur", "MSS-MSS", "MSSMSS0003", "Passerelune Ville", "1.3", profil_operateur="ACHETEUR"
    ),
    Logiciel("demo-operateur", "SAS-AGE", "SASAGE0001", "Passerelune Agenda", "4.0"),
)

# The envelope of radiology is nearly empty on purpose: deciding there soon meets its limit.
_ENVELOPPES = (
    ("Médecine de ville", ("MDV-LGC-Va1",), Decimal("2000000.00")),
    ("Hôpital", ("HOP-DPI-Va1", "HOP-PFI-Va1"), Decimal("20000000.00")),
    ("Médico-social", ("MS1-DUI",), Decimal("5000000.00")),
    ("Messagerie sécurisée", ("MSS-MSS",), Decimal("3000000.00")),
    ("Service d'accès aux soins", ("SAS-AGE",), Decimal("1000000.00")),
    ("Radiologie (fin d'enveloppe)", ("RAD-RIS",), Decimal("7000.00")),
)


def charger(instant: datetime) -> None:
    """Create it all, for a demonstration that starts at `instant`."""
    comptes = _comptes()
    _logiciels({nom: compte.entreprise for nom, compte in comptes.items() if compte.entreprise}, instant)
    _fenetres(instant)
    _baremes()
    ouvertes = Enveloppe.objects.bulk_create(
        Enveloppe(libelle=libelle, dsr=[couloirs.trouver(code).dsr for code in codes], montant=montant)
        for libelle, codes, montant in (*_ENVELOPPES, *_autres_enveloppes())
    )
    credits = [
        Ligne(operation=Operation.CREDIT, montant=une.montant, enveloppe=une.pk, reference="Reprise")
        for une in ouvertes
    ]
    ecrire(lignes=credits, auteur=PORTAIL, instant=instant)
    consigner(ouvertures(ouvertes), instant=instant)


def _autres_enveloppes() -> Iterator[tuple[str, tuple[str, ...], Decimal]]:
    """One for the couloirs of each wave that the list above leaves out."""
    nommes = {couloirs.trouver(code) for _, codes, _ in _ENVELOPPES for code in codes}
    for vague, autres in groupby(sorted(set(couloirs.tous()) - nommes, key=_vague_et_dsr), lambda c: c.vague):
        yield f"Autres couloirs de la vague {vague}", tuple(c.dsr for c in autres), Decimal("50000000.00")


def _vague_et_dsr(couloir: couloirs.Couloir) -> tuple[int, str]:
    return couloir.vague, couloir.dsr


def _comptes() -> dict[str, Utilisateur]:
    empreinte = make_password(MOT_DE_PASSE)  # slow on purpose: made once
    return {
        nom: Utilisateur.objects.create(
            username=nom,
            password=empreinte,
            email=f"{nom}@segurnum.example",
            first_name="Démonstration",
            last_name=f"{profil.label} {nom[-1]}" if nom[-1].isdigit() else profil.label,
            profil=profil,
            entreprise=_entreprise(_SOCIETES[nom]) if nom in _SOCIETES else None,
        )
        for nom, profil in _PROFILS.items()
    }


def _entreprise(societe: Societe) -> Entreprise:
    entreprise = Entreprise.objects.create(
        siret=identites.siret(societe.rang),
        denomination=societe.denomination,
        adresse=societe.adresse,
        code_postal=societe.code_postal,
        commune=societe.commune,
    )
    comptes_bancaires.retenir(
        entreprise=entreprise,
        auteur=PORTAIL,
        iban=identites.iban(societe.rang),
        bic=identites.BIC,
        titulaire=societe.denomination,
        domiciliation="Banque de la démonstration",
    )
    enregistrer_personnes(entreprise=entreprise, representant=societe.representant, depositaire=None)
    return entreprise


def _autres_logiciels() -> Iterator[Logiciel]:
    """One for each couloir that the list above leaves out: a couloir that is added has its requests too."""
    nommes = {couloirs.trouver(logiciel.code) for logiciel in _LOGICIELS}
    for couloir in couloirs.par_fichier():
        if couloir not in nommes:
            lettres = f"{couloir.code.replace('-', '')}VA"[:9].ljust(9, "0")
            nom = f"Val{couloir.logiciel.replace('-', '').lower()} {couloir.couloir}"
            yield Logiciel(COMPTE_TEMOIN, couloir.dsr, f"{lettres}{couloir.vague}", nom, f"{couloir.vague}.0")


def _logiciels(entreprises: dict[str, Entreprise], instant: datetime) -> None:
    for logiciel in (*_LOGICIELS, *_autres_logiciels()):
        couloir = couloirs.trouver(logiciel.code)
        reference = Referencement.objects.create(
            numero_ans=logiciel.numero_ans,
            logiciel=logiciel.nom,
            version=logiciel.version,
            dsr=couloir.dsr,
            profils=list(couloir.format(TypeDemande.AVANCE).places.profils),
            date_effet=DEBUT,
            profil_operateur=logiciel.profil_operateur,
        )
        entreprise = entreprises[logiciel.compte]
        premier = not entreprise.enrolements.exists()
        enrolement = Enrolement.objects.create(
            sequence=numero_suivant(),
            type=Enrolement.Type.INITIAL if premier else Enrolement.Type.COMPLEMENTAIRE,
            entreprise=entreprise,
            referencement=reference,
            statut=logiciel.statut,
            anticipe=logiciel.statut is StatutEnrolement.VALIDATION_PARTIELLE,
            taux_tva=logiciel.taux_tva,
            courriel=f"financements@{logiciel.nom.lower().replace(' ', '-')}.example",
            statut_depuis=instant,
            depose_le=instant,
        )
        noter(enrolement, "DEPOSER", PORTAIL)


def _fenetres(instant: datetime) -> None:
    aujourdhui = jour_de_paris(instant)
    for couloir in couloirs.tous():
        for type_demande in TypeDemande:
            fermee = (couloir.dsr, type_demande) == FENETRE_FERMEE
            fermeture = _a_14_heures(aujourdhui + (-FERMEE_DEPUIS if fermee else timedelta(days=300)))
            FenetreDepot.objects.update_or_create(
                dsr=couloir.dsr,
                type=type_demande,
                defaults={
                    "ouverture": _a_14_heures(aujourdhui - timedelta(days=60)),
                    "affichee": fermeture,
                    "fermeture": fermeture,
                    "derniere_modification": None,
                    # Yesterday: the extract of that morning settles the counts.
                    "comptage": _a_14_heures(aujourdhui - timedelta(days=1)),
                    "source": SOURCE,
                },
            )


def _a_14_heures(jour: date) -> datetime:
    return datetime.combine(jour, time(14), PARIS)


def _baremes() -> None:
    for couloir in couloirs.tous():
        if not couloir.bareme.par_table:
            valeurs = {nom: str(valeur) for nom, valeur in couloir.bareme.figures_d_essai.items()}
            Bareme.objects.get_or_create(
                dsr=couloir.dsr, date_effet=DEBUT, defaults={"valeurs": valeurs, "source": SOURCE}
            )
        elif not couloir.par_formulaire:
            _plafonds(couloir)


def _plafonds(couloir: couloirs.Couloir) -> None:
    type_identifiant = premiere_liste(couloir).identifiants[0][1]
    base = _PLAFOND_HT.get(couloir.couloir, _PLAFOND_HT_PAR_DEFAUT)
    Plafond.objects.bulk_create(
        Plafond(
            dsr=couloir.dsr,
            identifiant=identites.identifiant(couloir, type_identifiant, rang),
            montant_ht=base + 250 * (rang % 9),
            date_effet=DEBUT,
            source=SOURCE,
        )
        for rang in range(1, _PLAFONDS + 1)
        if rang % _SANS_PLAFOND
    )
