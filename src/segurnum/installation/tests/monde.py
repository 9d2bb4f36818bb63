"""One row at least of all that the verifiers prove, brought there by its services, or told as they tell it."""

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from segurnum import couloirs
from segurnum.annuaire_sante import propositions
from segurnum.annuaire_sante import services as annuaire
from segurnum.annuaire_sante.tests.fichiers import charger, fournir
from segurnum.comptes import services as comptes
from segurnum.comptes.auteurs import PORTAIL, Auteur, auteur
from segurnum.comptes.models import Profil
from segurnum.coordonnees.tests.monde import Societe
from segurnum.demandes import octrois
from segurnum.demandes import services as demandes
from segurnum.demandes.cycle import etat_de
from segurnum.demandes.models import Demande
from segurnum.demandes.preuves import CONTENU, preuves
from segurnum.enrolements import regimes
from segurnum.essais import usines
from segurnum.essais.falsifications import constater
from segurnum.financements import contestations, services
from segurnum.grand_livre import mouvements
from segurnum.journal.cycle import noter
from segurnum.journal.preuves import prouver
from segurnum.journal.services import Fait, consigner
from segurnum.modeles.tests.monde import Editeur
from segurnum.paiements import services as paiements
from segurnum.paiements.models import Versement
from segurnum.recouvrements.tests.monde import emis, payer, rembourser
from segurnum.referentiel import plafonds, projets
from segurnum.referentiel import services as referentiel
from segurnum.regles.calendrier import date_fr, jour_de_paris, maintenant
from segurnum.regles.cycles import TypeDemande
from segurnum.regles.cycles_enveloppes import GenreMouvement
from segurnum.regles.cycles_reglages import GenreReglage

DOMAINE = "un.mssante.example"


def qui(profil: Profil) -> Auteur:
    return auteur(usines.utilisateur(profil))


def deposee(**valeurs: object) -> Demande:
    """A request and its enrolment, with the events of their deposit."""
    demande = usines.demande(**valeurs)  # type: ignore[arg-type]
    consigner(
        [
            Fait(
                chaine=demande.dossier.chaine,
                objet=demande.objet,
                geste="DEPOSER",
                auteur=PORTAIL,
                apres=demande.statut,
                details={"etat": etat_de(demande), "preuve": preuves([demande], CONTENU)[demande.pk]}
                | prouver(demande),
            )
        ]
    )
    noter(demande.dossier.enrolement, "DEPOSER", PORTAIL)
    return demande


def payee(**valeurs: object) -> Versement:
    """A request that was decided on an envelope of its own, and paid."""
    demande = deposee(**valeurs)
    usines.enveloppe(demande.dsr)
    demandes.valider(demande=demande.pk, auteur=qui(Profil.GESTIONNAIRE))
    versement = paiements.decider(demande=demande.pk, auteur=qui(Profil.DECIDEUR)).versements.get()
    payer(versement)
    versement.refresh_from_db()
    return versement


def naitre(dossier: Path) -> None:
    """`dossier`: where files may be written."""
    rembourser(emis(payee(montant="10000.00").decision.demande), "100.00")
    _contester()
    _octroyer()
    _accorder()
    _entreprises()
    _enroler()
    _credits()
    _mailboxes(dossier)
    Editeur().soumis()
    _reglages()
    constater()


def _contester() -> None:
    """Two suppliers of one establishment: one answers with a piece, the other wins."""
    finess = "990000010"
    bleue, rouge = deposee(finess=finess), deposee(finess=finess)
    services.transmettre([bleue, rouge])
    (ouverte,) = contestations.contester(
        demande=bleue.pk, auteur=qui(Profil.GESTIONNAIRE), motif="Deux commandes."
    )
    for partie in ouverte.parties.order_by("pk"):
        deposant = usines.utilisateur(Profil.FOURNISSEUR, entreprise=partie.demande.entreprise)
        contestations.repondre(
            partie=partie.pk,
            auteur=auteur(deposant),
            position="MAINTIEN",
            texte="Le bon de commande est signé du directeur.",
            piece=("bon.pdf", usines.fichier()),
        )
    contestations.attribuer(
        contestation=ouverte.pk,
        auteur=qui(Profil.GESTIONNAIRE),
        motif="Le client a choisi.",
        demande=bleue.pk,
    )


def _octroyer() -> None:
    demande = deposee(plafond=None)
    octrois.octroyer(
        demande=demande.pk, auteur=qui(Profil.GESTIONNAIRE), montant=Decimal("500.00"), motif="Convention."
    )
    octrois.approuver(demande=demande.pk, auteur=qui(Profil.DECIDEUR))


def _accorder() -> None:
    """A solde for an establishment that its avance did not have."""
    dossier = payee().decision.demande.dossier
    solde = deposee(type_demande=TypeDemande.SOLDE, dossier=dossier, finess="990000101")
    contestations.accorder_ajout(demande=solde.pk, auteur=qui(Profil.GESTIONNAIRE), motif="Avenant signé.")


def _entreprises() -> None:
    """New persons and another account that are asked for, and a person who acts for two companies."""
    Societe().soumettre()
    Societe().compte_confirme()
    for entreprise in (usines.entreprise(), usines.entreprise()):
        comptes.ouvrir_acces(
            entreprise=entreprise,
            courriel="deux@societe.example",
            nom="Lormelin",
            prenom="Anne",
            profil=Profil.FOURNISSEUR,
            auteur=qui(Profil.GESTIONNAIRE),
        )


def _enroler() -> None:
    inscrit = usines.enrolement()
    regimes.changer(
        enrolement=inscrit.pk,
        taux_tva=Decimal(0),
        date_effet=jour_de_paris(maintenant()),
        nom="regime.pdf",
        preuve=usines.fichier(),
        auteur=qui(Profil.GESTIONNAIRE),
    )


def _credits() -> None:
    propose = mouvements.proposer(
        genre=GenreMouvement.CREDIT,
        enveloppe=usines.enveloppe("DSR-PHA-LGO-Va1").pk,
        montant=Decimal("5.00"),
        motif="Arrêté du jour.",
        auteur=qui(Profil.ADMINISTRATION),
    )
    mouvements.approuver(mouvement=propose.pk, auteur=qui(Profil.ADMINISTRATION))


def _reglages() -> None:
    """A ceiling, figures and a window, each proposed by one person and approved by another."""
    couloir = couloirs.par_dsr("DSR-MDV-LGC-Va1")
    jour = date_fr(date(2030, 1, 1))
    _approuver(GenreReglage.PLAFONDS, [["DSR-MS1-DUI-Va1", "990000093", "1000,00", jour, "Arrêté"]])
    chiffres = couloir.bareme.figures_d_essai
    _approuver(
        GenreReglage.BAREMES,
        [[couloir.dsr, jour, nom, str(valeur), "Arrêté"] for nom, valeur in chiffres.items()],
    )
    ouverture, fermeture = (f"{date_fr(maintenant() + timedelta(days=jours))} 14:00" for jours in (1, 90))
    _approuver(
        GenreReglage.FENETRES,
        [[couloir.dsr, TypeDemande.AVANCE.libelle, ouverture, fermeture, fermeture, "", "", "", "Arrêté"]],
    )
    plafonds.importer(
        octets=f"{';'.join(plafonds.COLONNES)}\nDSR-MS1-DUI-Va1;990000085;900,00;{jour};Arrêté\n".encode(),
        auteur=PORTAIL,
    )
    valeurs = {"numero_ans": "ESSAI00001", "logiciel": "Inventé", "version": "1", "dsr": couloir.dsr}
    referentiel.creer(valeurs=valeurs, auteur=qui(Profil.ADMINISTRATION))


def _approuver(genre: GenreReglage, cellules: list[list[str]]) -> None:
    propose, approuve = qui(Profil.ADMINISTRATION), qui(Profil.ADMINISTRATION)
    projet = projets.proposer(genre=genre, cellules=cellules, auteur=propose)
    projets.soumettre(projet=projet.pk, auteur=propose)
    projets.approuver(projet=projet.pk, auteur=approuve)


def _mailboxes(dossier: Path) -> None:
    """An extract that counts, and what an operator answers for."""
    numero = usines.referencement("MSS-MSS").numero_ans
    annuaire.rattacher_domaine(numero_ans=numero, domaine=DOMAINE, auteur=qui(Profil.GESTIONNAIRE))
    charger(
        dossier, *(("PER", f"p{rang}@{DOMAINE}") for rang in range(3)), au=maintenant() - timedelta(days=1)
    )
    chemin = dossier / "comptages.csv"
    chemin.write_text(f"domaine;nombre;date;source\n{DOMAINE};100;01/06/2026;ANS\n", encoding="utf-8")
    fournir(chemin)
    propositions.proposer(cellules=[DOMAINE, "900", "02/06/2026", "ANS"], auteur=qui(Profil.GESTIONNAIRE))
