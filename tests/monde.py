"""A portal with one thing of each kind, its addresses and those who knock at them."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property

from acces import ACCES, ENTREPRISES, POST_PUBLICS, POST_SEULEMENT
from django.conf import settings
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from segurnum.annuaire_sante.models import ArreteComptes, DomaineOperateur, Extrait
from segurnum.annuaire_sante.propositions import proposer
from segurnum.comptes import invitations
from segurnum.comptes.auteurs import PORTAIL, auteur
from segurnum.comptes.models import CleAcces, Profil, Role, Utilisateur
from segurnum.coordonnees.tests.monde import Societe
from segurnum.demandes import services as demandes
from segurnum.demandes.models import Demande
from segurnum.depots.models import Depot
from segurnum.editorial.models import Actualite, DocumentUtile, Ticket
from segurnum.enrolements.models import Brouillon, Enrolement
from segurnum.essais import usines
from segurnum.essais.depots import Deposant
from segurnum.financements import contestations
from segurnum.financements.models import Partie
from segurnum.grand_livre import mouvements
from segurnum.installation.queries import nuits
from segurnum.installation.services import ecrire_les_tetes
from segurnum.journal.cycle import noter
from segurnum.modeles.tests.monde import Editeur
from segurnum.paiements import services as paiements
from segurnum.paiements.models import Versement
from segurnum.recepisses.models import Recepisse
from segurnum.recepisses.queries import recepisses_de
from segurnum.recouvrements.tests.monde import emis
from segurnum.referentiel import projets
from segurnum.referentiel import services as referentiel
from segurnum.referentiel.models import Referencement
from segurnum.referentiel.tableur import exporter
from segurnum.regles.calendrier import jour_de_paris, maintenant
from segurnum.regles.cycles_annuaire import StatutExtrait
from segurnum.regles.cycles_enveloppes import GenreMouvement
from segurnum.regles.cycles_reglages import GenreReglage

REGARDABLES = [nom for nom in ACCES if nom not in POST_SEULEMENT | POST_PUBLICS]
SECRET = "lien-d-un-brouillon"
AILLEURS = "AILLEURS"


@dataclass
class Redaction:
    """What officers wrote, and what was written to them, each with a file."""

    actualite: int
    document: int
    ticket: int

    @classmethod
    def nouvelle(cls) -> "Redaction":
        joint = {"fichier": usines.fichier(), "nom_fichier": "note.pdf"}
        return cls(
            # For operators: to the others it does not exist.
            actualite=Actualite.objects.create(titre="A", contenu="A", audience="OPERATEURS", **joint).pk,
            document=DocumentUtile.objects.create(titre="D", **joint).pk,
            ticket=Ticket.objects.create(courriel="a@societe.example", **joint).pk,
        )


@dataclass
class Monde:
    """One paid dossier of one company: something behind every address; and one person of each profile, signed in."""

    deposant: Deposant
    depot: Depot
    demande: Demande
    versement: Versement
    importation: int
    modification: int
    modele: int
    redaction: Redaction
    operateur: str
    cle: int
    invitation: int
    enveloppe: int
    agent: int
    projet: int
    extrait: int
    comptages: int
    partie: Partie
    mouvement: int
    recouvrement: int
    sessions: dict[str, str] = field(default_factory=dict)

    @cached_property
    def parametres(self) -> dict[str, object]:
        return {
            "simulation": self.depot.simulation_id,
            "depot": self.depot.pk,
            "archive": self.depot.archives.values_list("pk", flat=True)[0],
            "numero": self.demande.numero,
            "en_suspens": 1,
            "recepisse": self._recepisse.pk,
            "confirmation": self._recepisse.code,
            "enrolement": self.deposant.enrolement.numero,
            "piece": self.demande.pieces.order_by("pk").values_list("pk", flat=True)[0],
            "versement": self.versement.pk,
            "etape": "referencement",
            "secret": SECRET,
            "saisie": 1,
            "type_piece": "rib",
            "version": "2026-01-01",
            "genre": "banque",
            "sorte": "plafonds",
            "projet": self.projet,
            "partie": self.partie.pk,
            "contestation": self.partie.contestation_id,
            "jointe": self.partie.pieces.filter(lettre=False).values_list("pk", flat=True)[0],
            "mouvement": self.mouvement,
            "recouvrement": self.recouvrement,
            "annee": jour_de_paris(maintenant()).year,
            "mois": jour_de_paris(maintenant()).month,
            "forme": "csv",
            "nom_vue": "a-corriger",
            "export": 1,
            "modification": self.modification,
            "modele": self.modele,
            "personne": self.deposant.utilisateur.pk,
            "nom": "vierge",
            "couloir": self.demande.couloir,
            "type_demande": self.demande.type,
            "geste": "valider",
            "numero_ans": self.operateur,  # a number that both the referential and the Annuaire Santé have a page of
            "numero_enrole": self.operateur,
            "importation": self.importation,
            "actualite": self.redaction.actualite,
            "publication": self.redaction.actualite,
            "document": self.redaction.document,
            "ticket": self.redaction.ticket,
            "categorie": "actualites",
            "fichier": "modeles-avance.zip",
            "domaine": 1,
            "extrait": self.extrait,
            "comptages": self.comptages,
            "releve": 1,
            "compte": self.deposant.enrolement.entreprise.comptes_bancaires.order_by("pk")[0].pk,
            "courriel": 1,
            "cle": self.cle,
            "invitation": self.invitation,
            "agent": self.agent,
            "essai": "courriel",
            "dsr": "DSR-MDV-LGC-Va1",
            "code": "3011",
            "enveloppe": self.enveloppe,
            "nuit": nuits()[0].cle,
        }

    @property
    def _recepisse(self) -> Recepisse:
        return recepisses_de(self.depot.entreprise)[0]


def peupler() -> Monde:
    deposant = Deposant.nouveau()
    depot = deposant.importer(1)
    deposant.envoyer(depot)
    deposant.terminer(depot)
    demande = Demande.objects.get()
    enveloppe = usines.enveloppe(demande.dsr)
    demandes.valider(demande=demande.pk, auteur=auteur(usines.utilisateur(Profil.GESTIONNAIRE)))
    decision = paiements.decider(demande=demande.pk, auteur=auteur(usines.utilisateur(Profil.DECIDEUR)))
    comptable = auteur(usines.utilisateur(Profil.COMPTABLE))
    versement = paiements.mettre_en_paiement(versement=decision.versements.get().pk, auteur=comptable)
    versement = paiements.constater(
        versement=versement.pk,
        auteur=comptable,
        montant=decision.montant,
        jour=jour_de_paris(maintenant()),
    )
    importation = referentiel.deposer_import(
        nom="numeros.csv",
        octets=exporter(Referencement.objects.all()),
        auteur=auteur(usines.utilisateur(Profil.GESTIONNAIRE)),
    )
    modification = Societe(entreprise=deposant.enrolement.entreprise).ajouter_compte()
    empreinte = hashlib.sha256(SECRET.encode()).hexdigest()
    saisie = Brouillon.objects.create(empreinte_lien=empreinte, modifie_le=versement.mis_en_paiement_le)
    saisie.pieces.create(type="RIB", nom="rib.pdf", fichier=usines.fichier())
    Enrolement.objects.filter(pk=deposant.enrolement.pk).update(
        empreinte_lien=empreinte, empreinte_suivi=empreinte
    )
    modele = Editeur(deposant.enrolement.entreprise).soumis()
    titulaire = deposant.utilisateur
    cle = CleAcces.objects.create(utilisateur=titulaire, nom="Clé", identifiant="abc", cle_publique=b"x")
    assert titulaire.entreprise is not None
    invitation = invitations.inviter(
        entreprise=titulaire.entreprise,
        courriel="invite@societe.example",
        nom="Martin",
        prenom="Ali",
        profil=Profil.FOURNISSEUR,
        role=Role.LECTEUR,
        auteur=auteur(titulaire),
    )
    projet = projets.proposer(
        genre=GenreReglage.PLAFONDS,
        cellules=[["MS1-DUI", "980000001", "11000,00", "01/01/2026", "Arrêté"]],
        auteur=auteur(usines.utilisateur(Profil.ADMINISTRATION)),
    )
    mouvement = mouvements.proposer(
        genre=GenreMouvement.CREDIT,
        enveloppe=enveloppe.pk,
        montant=Decimal(1000),
        motif="Loi de finances rectificative",
        auteur=auteur(usines.utilisateur(Profil.ADMINISTRATION)),
    )
    # The same company is an operator too: its form is behind its own number.
    operateur = usines.enrolement("MSS-MSS", societe=deposant.enrolement.entreprise).referencement.numero_ans
    extrait, comptages = _des_comptes(operateur, demande)
    partie = _contestee(demande, deposant)
    for enrolement in Enrolement.objects.all():
        noter(enrolement, "DEPOSER", PORTAIL)  # as their deposit does
    ecrire_les_tetes()
    monde = Monde(
        deposant=deposant,
        depot=depot,
        demande=demande,
        versement=versement,
        importation=importation.pk,
        modification=modification.pk,
        modele=modele.pk,
        redaction=Redaction.nouvelle(),
        operateur=operateur,
        cle=cle.pk,
        invitation=invitation.pk,
        enveloppe=enveloppe.pk,
        agent=usines.utilisateur(Profil.GESTIONNAIRE).pk,
        projet=projet.pk,
        extrait=extrait,
        comptages=comptages,
        partie=partie,
        mouvement=mouvement.pk,
        recouvrement=emis(demande, "1.00").pk,
    )
    for profil in Profil:
        sienne = {"entreprise": deposant.enrolement.entreprise} if profil in ENTREPRISES else {}
        monde.sessions[profil] = _ouvrir_une_session(usines.utilisateur(profil, **sienne))
    monde.sessions[AILLEURS] = _ouvrir_une_session(usines.utilisateur(Profil.FOURNISSEUR))
    return monde


def _ouvrir_une_session(personne: Utilisateur) -> str:
    client = Client()
    client.force_login(personne)
    cle: str = client.cookies[settings.SESSION_COOKIE_NAME].value
    return cle


def _contestee(demande: Demande, deposant: Deposant) -> Partie:
    """Another supplier claims a beneficiary of this request, and its own has answered, with a piece."""
    finess = demande.beneficiaires.order_by("pk")[0].identifiants[0]
    rivale = usines.demande(finess=finess)
    officier = auteur(usines.utilisateur(Profil.GESTIONNAIRE))
    contestations.contester(demande=rivale.pk, auteur=officier, motif="Deux commandes.")
    return contestations.repondre(
        partie=demande.contestee_dans.get().pk,
        auteur=deposant.auteur,
        position="MAINTIEN",
        texte="Bon signé.",
        piece=("bon.pdf", usines.fichier()),
    )


def _des_comptes(operateur: str, demande: Demande) -> tuple[int, int]:
    """An extract that waits, counts that wait, and the proof of what settled a request."""
    DomaineOperateur.objects.create(numero_ans=operateur, domaine="un.mssante.example")
    extrait = Extrait.objects.create(
        instant=maintenant(),
        empreinte="e" * 64,
        nom="extrait.txt",
        nombre_lignes=1,
        nombre_adresses=1,
        statut=StatutExtrait.RETENU,
    )
    ArreteComptes.objects.create(
        demande=demande,
        extrait=extrait,
        empreinte=extrait.empreinte,
        extrait_du=extrait.instant,
        domaines=["un.mssante.example"],
        applicatives=1,
        organisationnelles=2,
        nominatives=3,
        source="Essais",
        arrete_le=maintenant(),
    )
    donnes = proposer(
        cellules=["un.mssante.example", "3", "01/06/2026", "Essais"],
        auteur=auteur(usines.utilisateur(Profil.GESTIONNAIRE)),
    )
    return extrait.pk, donnes.pk


def _routes(
    resolveur: URLResolver, espace: str = "", cles: tuple[str, ...] = ()
) -> Iterator[tuple[str, URLPattern, tuple[str, ...]]]:
    """Each route, and what its address must be told, by itself or by what includes it."""
    for motif in resolveur.url_patterns:
        siennes = (*cles, *getattr(motif.pattern, "converters", ()))
        if isinstance(motif, URLResolver):
            yield from _routes(motif, f"{motif.namespace}:" if motif.namespace else espace, siennes)
        else:
            yield f"{espace}{motif.name}", motif, siennes


TOUTES = list(_routes(get_resolver()))
ROUTES = {nom: motif for nom, motif, _ in TOUTES}
PARAMETRES = {nom: cles for nom, _, cles in TOUTES}


def adresse_de(nom: str, monde: Monde) -> str:
    return reverse(nom, kwargs={cle: monde.parametres[cle] for cle in PARAMETRES[nom]})


def client_de(monde: Monde, profil: str) -> Client:
    """The person of this profile, in a browser of its own; `AILLEURS`: of another company."""
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = monde.sessions[profil]
    return client
