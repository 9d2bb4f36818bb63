"""What an installation lacks before its first deposit can be paid: each point says why, and where it is settled."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.conf import settings

from segurnum import couloirs
from segurnum.annuaire.queries import ANNUAIRES, stock_importe
from segurnum.annuaire_sante.queries import domaines_de, extrait_au, operateurs
from segurnum.comptes.models import Profil
from segurnum.comptes.queries import administrateurs, agents
from segurnum.controles.problemes import en_nombre
from segurnum.fichiers import antivirus
from segurnum.installation.jugement import Etat
from segurnum.installation.models import Temoin
from segurnum.installation.queries import vu_le
from segurnum.paiements.queries import enveloppes
from segurnum.referentiel.queries import baremes, calendrier, nombres_de_plafonds, numeros
from segurnum.regles.calendrier import instant_fr, maintenant
from segurnum.regles.cycles import TypeDemande


@dataclass(frozen=True)
class Point:
    """One thing to do. `manque`: what is missing, empty when it is done. `page`, `reglage`: where it is settled;

    `essai`: the trial that the page offers.
    """

    titre: str
    pourquoi: str
    manque: str
    fait: str
    page: str = ""
    reglage: str = ""
    essai: str = ""

    @property
    def est_fait(self) -> bool:
        return not self.manque

    @property
    def etat(self) -> Etat:
        return Etat.CONFORME if self.est_fait else Etat.A_CORRIGER

    @property
    def libelle(self) -> str:
        return "Fait" if self.est_fait else "À faire"


def points() -> list[Point]:
    return [point() for point in POINTS]


def manque_l_essentiel() -> bool:
    """Whether nobody could deposit, or nothing be decided: the home page of the administration says it."""
    return not calendrier() or not enveloppes().exists() or not numeros().exists()


def _enumerer(codes: Iterable[str]) -> str:
    return ", ".join(sorted(codes))


def _agents() -> Point:
    ouverts = [agent for agent in agents() if agent.is_active]
    profils = {Profil(agent.profil) for agent in ouverts}
    manquants = [
        profil.label.lower()
        for profil in (Profil.GESTIONNAIRE, Profil.DECIDEUR, Profil.COMPTABLE)
        if profil not in profils
    ]
    if len(administrateurs()) < 2:
        manquants.append("second administrateur qui ait choisi son mot de passe")
    return Point(
        "Agents",
        "Qui valide une demande n'est pas qui la décide, ni qui la paie ; et un second administrateur ouvre les "
        "comptes quand le premier est absent.",
        f"Il manque : {_enumerer(manquants)}." if manquants else "",
        f"{len(ouverts)} agents ont un compte ouvert.",
        page="gestion:agents",
    )


def _courriels() -> Point:
    essai = vu_le(Temoin.Nom.COURRIEL)
    manque = "" if essai else "Aucun courriel d'essai n'est encore parti."
    if not settings.COURRIELS_PARTENT:
        manque = "Aucun serveur d'envoi n'est réglé : les courriels sont gardés et ne partent pas."
    return Point(
        "Courriels",
        "Les liens de mot de passe, les accusés, les demandes de pièces et les décisions partent par courriel.",
        manque,
        f"Un courriel d'essai est parti le {instant_fr(essai)}." if essai else "",
        reglage="EMAIL_URL, SEGURNUM_EXPEDITEUR",
        essai="courriel",
    )


def _antivirus() -> Point:
    return Point(
        "Antivirus",
        "Tout fichier reçu est analysé avant d'être gardé ; sans antivirus, les écrans disent qu'il ne l'a pas été.",
        "" if antivirus.actif() else "Aucun antivirus n'est réglé.",
        "Un antivirus est réglé.",
        reglage="ANTIVIRUS_URL",
        essai="antivirus" if antivirus.actif() else "",
    )


def _annuaire() -> Point:
    manque, fait = "", f"Annuaire « {settings.ANNUAIRE} »."
    if settings.ANNUAIRE == "sirene":
        manque = (
            ""
            if stock_importe()
            else "Le fichier Sirene n'est pas importé (segurnum django importer_sirene)."
        )
        fait = "Le fichier Sirene est importé."
    elif settings.ANNUAIRE not in ANNUAIRES:
        manque = f"SEGURNUM_ANNUAIRE vaut « {settings.ANNUAIRE} », qui n'est pas connu : api ou sirene sont attendus."
    elif settings.ANNUAIRE == "demonstration" and not settings.DEMONSTRATION:
        manque = "L'annuaire est celui de la démonstration : ses entreprises sont inventées."
    return Point(
        "Annuaire des entreprises",
        "Un enrôlement commence par le SIRET : l'annuaire dit à qui il est.",
        manque,
        fait,
        reglage="SEGURNUM_ANNUAIRE (api ou sirene)",
    )


def _mentions() -> Point:
    libelles = {
        "editeur": "l'éditeur (SEGURNUM_EDITEUR)",
        "directeur": "le directeur de la publication (SEGURNUM_DIRECTEUR_PUBLICATION)",
        "hebergeur": "l'hébergeur (SEGURNUM_HEBERGEUR)",
        "donnees": "le délégué aux données (SEGURNUM_DELEGUE_DONNEES)",
    }
    absentes = [libelle for cle, libelle in libelles.items() if not settings.MENTIONS_LEGALES[cle]]
    return Point(
        "Mentions légales",
        "La loi demande de dire qui publie et qui héberge le site, et à qui s'adresser pour ses données.",
        f"Il manque : {', '.join(absentes)}." if absentes else "",
        "Les mentions légales sont remplies.",
        page="public:mentions_legales",
        reglage="les variables citées",
    )


def _lettres() -> Point:
    return Point(
        "Lettres",
        "Les décisions et les avis de paiement portent le nom du signataire et leurs fondements.",
        "" if settings.LETTRES_DONNEES else "Les lettres portent un signataire et des textes d'exemple.",
        "Les lettres portent ce que dit votre fichier.",
        reglage="SEGURNUM_LETTRES",
    )


def _numeros() -> Point:
    nombre = numeros().count()
    return Point(
        "Numéros ANS",
        "Une entreprise n'enrôle qu'un logiciel dont le numéro est au référentiel.",
        "" if nombre else "Le référentiel est vide.",
        f"{en_nombre(nombre, 'numéro')} au référentiel.",
        page="gestion:referencements",
    )


def _fenetres() -> Point:
    reglees = {(fenetre.dsr, fenetre.type) for fenetre in calendrier()}
    absentes = {
        f"{couloir.prefixe} ({type_demande.libelle.lower()})"
        for couloir in couloirs.tous()
        for type_demande in TypeDemande
        if (couloir.dsr, type_demande.value) not in reglees
    }
    return Point(
        "Fenêtres de dépôt",
        "Une demande se dépose entre l'ouverture et la fermeture de son couloir ; sans fenêtre, le dépôt est fermé.",
        f"Sans dates : {_enumerer(absentes)}." if absentes else "",
        "Chaque couloir a ses dates, pour l'avance et pour le solde.",
        page="gestion:fenetres",
    )


def _baremes() -> Point:
    regles, plafonnes = {bareme.dsr for bareme in baremes()}, nombres_de_plafonds()
    absents = {
        couloir.prefixe
        for couloir in couloirs.tous()
        if couloir.dsr not in (plafonnes if couloir.bareme.par_table else regles)
    }
    return Point(
        "Barèmes et plafonds",
        "Les montants se calculent avec eux ; sans eux, aucune demande du couloir ne peut être validée.",
        f"Sans barème ni plafond : {_enumerer(absents)}." if absents else "",
        "Chaque couloir a son barème ou ses plafonds.",
        page="gestion:baremes",
    )


def _enveloppes() -> Point:
    finances = {dsr for enveloppe in enveloppes() for dsr in enveloppe.dsr}
    absents = {couloir.prefixe for couloir in couloirs.tous() if couloir.dsr not in finances}
    return Point(
        "Enveloppes",
        "Une décision prend son montant sur l'enveloppe du couloir ; sans enveloppe, rien ne se décide.",
        f"Sans enveloppe : {_enumerer(absents)}." if absents else "",
        "Chaque couloir a son enveloppe.",
        page="gestion:enveloppes",
    )


def _operateurs() -> Point:
    tous = list(operateurs())
    domaines = domaines_de([operateur.numero_ans for operateur in tous])
    sans_domaine = [operateur.numero_ans for operateur in tous if not domaines[operateur.numero_ans]]
    manques = [f"Sans domaine de messagerie : {_enumerer(sans_domaine)}."] if sans_domaine else []
    if tous and extrait_au(maintenant()) is None:
        manques.append("Aucun extrait de l'Annuaire Santé n'est chargé (segurnum annuaire importer).")
    return Point(
        "Boîtes des opérateurs MSSanté",
        "Le solde d'un opérateur se calcule sur ses boîtes, comptées dans l'Annuaire Santé.",
        " ".join(manques),
        "Rien ne manque pour compter les boîtes."
        if tous
        else "Aucun opérateur n'est au référentiel : rien à compter.",
        page="gestion:annuaire_sante",
    )


POINTS: tuple[Callable[[], Point], ...] = (
    _agents,
    _courriels,
    _antivirus,
    _annuaire,
    _mentions,
    _lettres,
    _numeros,
    _fenetres,
    _baremes,
    _enveloppes,
    _operateurs,
)
