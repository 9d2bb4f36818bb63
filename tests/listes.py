"""The lists of the portal, found by opening every address; and a world where each has several rows."""

from decimal import Decimal
from typing import Any

from acces import ACCES
from django.db import transaction
from django.test import Client
from monde import PARAMETRES, REGARDABLES, Monde, adresse_de, client_de, peupler

from segurnum.annuaire_sante.models import (
    AdresseArretee,
    AdresseMSS,
    ArreteComptes,
    DomaineOperateur,
    Extrait,
    TypeBAL,
)
from segurnum.annuaire_sante.propositions import proposer
from segurnum.comptes.auteurs import auteur as auteur_de
from segurnum.comptes.models import Profil
from segurnum.coordonnees.tests.monde import Societe
from segurnum.demandes import octrois
from segurnum.depots.models import Archive
from segurnum.editorial.models import Actualite, Ticket
from segurnum.essais import usines
from segurnum.essais.depots import Deposant
from segurnum.fichiers import lectures
from segurnum.fichiers.documents import Document, Genre
from segurnum.fichiers.permissions import Usage
from segurnum.financements import contestations
from segurnum.financements.services import transmettre
from segurnum.grand_livre import mouvements
from segurnum.grand_livre.controle import verifier
from segurnum.kits.tableau import Affiche
from segurnum.modeles import services as modeles
from segurnum.modeles.tests.monde import BDC
from segurnum.recouvrements.tests.monde import emis, payee, propose
from segurnum.referentiel import projets
from segurnum.regles.calendrier import maintenant
from segurnum.regles.cycles import TypeDemande
from segurnum.regles.cycles_enveloppes import GenreMouvement
from segurnum.regles.cycles_reglages import GenreReglage
from segurnum.repertoires.lecture import Repertoire
from segurnum.repertoires.models import Releve
from segurnum.web.tests import depot as web

VITRINE = "gestion:composants"  # shows a list that is not one
Listes = dict[str, list[Profil]]


def montree(reponse: Any) -> Affiche | None:
    """The list that a page is, if it is one."""
    contexte = getattr(reponse, "context", None)
    affiche = contexte.get("affiche") if contexte else None
    return affiche if isinstance(affiche, Affiche) and affiche.page is not None else None


def ouvrir(client: Client, adresse: str, **parametres: str) -> Any:
    """A page, or a file read to its end."""
    reponse = client.get(adresse, parametres)
    if reponse.streaming:
        b"".join(reponse.streaming_content)
    return reponse


def trouver(monde: Monde) -> Listes:
    """Each page that is one list, and who may open it. A new one is here by being drawn."""
    trouvees = {}
    for nom in REGARDABLES:
        permis = sorted(ACCES[nom] or ())
        if permis and nom != VITRINE and montree(ouvrir(client_de(monde, permis[0]), adresse_de(nom, monde))):
            trouvees[nom] = permis
    return trouvees


def sans_objet() -> list[str]:
    """The pages that are about nothing in particular: they open on an empty base."""
    return [nom for nom in REGARDABLES if ACCES[nom] and nom != VITRINE and not PARAMETRES[nom]]


def peupler_les_listes() -> Monde:
    """Several rows in every list; one that has none fails the walk."""
    monde = peupler()
    _des_demandes(monde.deposant)
    entreprise, auteur = monde.deposant.enrolement.entreprise, monde.deposant.auteur
    modeles.importer(
        entreprise=entreprise, auteur=auteur, type_modele=BDC, nom="bdc.pdf", fichier=usines.fichier()
    )
    modeles.soumettre(entreprise=entreprise, auteur=auteur)
    for rang in (4243, 4244):
        Societe().compte_confirme(rang)
    Ticket.objects.create(courriel="b@societe.example")
    for rang in range(2):
        Actualite.objects.create(titre=f"Une nouvelle, la {rang}")
    for rang in range(2):
        usines.enrolement_depose()
        rib = Document(genre=Genre.RIB, objet=f"compte:{rang}", sujet=entreprise.siret)
        lectures.noter(auteur=auteur, document=rib, usage=Usage.TELECHARGER)
    usines.referencement("MSS-MSS")
    _des_projets()
    _des_mouvements(monde.enveloppe)
    _des_recouvrements()
    _hors_des_regles()
    _des_extraits(monde.operateur)
    _des_releves()
    for rang in range(2):
        with transaction.atomic():
            transmettre([usines.demande(finess=f"99000001{rang}") for _ in range(2)])
    return monde


def _des_demandes(deposant: Deposant) -> None:
    """To instruct, decided and not yet paid, and whose pieces could not be read."""
    en_cours = web.en_cours(deposant, 4)
    for demande in en_cours[:2]:
        web.decider(demande)
    for _ in range(2):
        archive = deposant.envoyer(deposant.importer(1), b"PK")
        Archive.objects.filter(pk=archive.pk).update(etat=Archive.Etat.ILLISIBLE)


def _des_recouvrements() -> None:
    """Two that wait for a decider, two that are owed."""
    for _ in range(2):
        propose(payee())
        emis(payee())


def _hors_des_regles() -> None:
    """Amounts granted, and beneficiaries that a solde adds."""
    for rang in range(2):
        qui = auteur_de(usines.utilisateur(Profil.GESTIONNAIRE))
        inconnue = usines.demande(plafond=None)
        octrois.octroyer(demande=inconnue.pk, auteur=qui, montant=Decimal("500.00"), motif="Convention.")
        solde = usines.demande(
            dossier=payee().dossier, type_demande=TypeDemande.SOLDE, finess=f"99000002{rang}"
        )
        contestations.accorder_ajout(demande=solde.pk, auteur=qui, motif="Site ouvert depuis.")


def _des_releves() -> None:
    """One in force, one that waits for its confirmation."""
    for rang, statut in enumerate((Releve.Statut.EN_VIGUEUR, Releve.Statut.RETENU)):
        Releve.objects.create(
            repertoire=Repertoire.FINESS,
            instant=maintenant(),
            empreinte=f"{rang:064}",
            nom=f"finess-{rang}.json",
            statut=statut,
        )


def _des_projets() -> None:
    """Ceilings that wait for a second person."""
    administration = auteur_de(usines.utilisateur(Profil.ADMINISTRATION))
    for rang in range(2):
        projet = projets.proposer(
            genre=GenreReglage.PLAFONDS,
            cellules=[["MS1-DUI", f"98000000{rang}", "11000,00", "01/01/2026", "Arrêté"]],
            auteur=administration,
        )
        projets.soumettre(projet=projet.pk, auteur=administration)


def _des_mouvements(enveloppe: int) -> None:
    """Credits that wait for a second person, and the proofs of two nights."""
    administration = auteur_de(usines.utilisateur(Profil.ADMINISTRATION))
    for rang in range(2):
        mouvements.proposer(
            genre=GenreMouvement.REDUCTION,
            enveloppe=enveloppe,
            montant=Decimal(rang + 1),
            motif="Gel de crédits",
            auteur=administration,
        )
        verifier()


def _des_extraits(operateur: str) -> None:
    DomaineOperateur.objects.create(numero_ans=operateur, domaine="essai.mssante.example")
    arrete = ArreteComptes.objects.get()
    for nom in ("a", "b"):
        AdresseArretee.objects.create(
            arrete=arrete,
            domaine="essai.mssante.example",
            adresse=f"{nom}@essai.mssante.example",
            type=TypeBAL.NOMINATIVE,
        )
    proposer(
        cellules=["essai.mssante.example", "4", "01/06/2026", "Essais"],
        auteur=auteur_de(usines.utilisateur(Profil.GESTIONNAIRE)),
    )
    for rang in range(2):
        extrait = Extrait.objects.create(
            instant=maintenant(),
            empreinte=f"{rang:064}",
            nom=f"extrait-{rang}.txt",
            nombre_lignes=2,
            nombre_adresses=2,
        )
        for nom in ("a", "b"):
            AdresseMSS.objects.create(
                extrait=extrait,
                domaine="essai.mssante.example",
                adresse=f"{nom}@essai.mssante.example",
                type=TypeBAL.NOMINATIVE,
            )
