"""One life: gestures made one after the other in one transaction, judged after each, undone at the end."""

import logging
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import connection, transaction
from django.db.models import Count

from segurnum.comptes import agents
from segurnum.comptes.auteurs import Auteur
from segurnum.comptes.droits import exiger, peut
from segurnum.comptes.models import Profil
from segurnum.coordonnees import banque
from segurnum.demandes import creation, echeances
from segurnum.demandes.models import Demande
from segurnum.demonstration import identites
from segurnum.depots import suites
from segurnum.essais.vies.gestes import JOUEURS, POIDS, QUAND, SUITES, TABLES, Table, nom_de, suite
from segurnum.essais.vies.joueurs.demandes import MONTANTS
from segurnum.essais.vies.lois import LOIS, LOIS_DE_FIN
from segurnum.essais.vies.monde import AGENTS, BENEFICIAIRES, PERSONNES, Horloge, Monde, a_l_heure
from segurnum.essais.vies.photo import Photo
from segurnum.essais.vies.releve import Releve
from segurnum.essais.vies.tirage import Tirage
from segurnum.financements import contestations
from segurnum.grand_livre import mouvements
from segurnum.journal.models import Evenement
from segurnum.recouvrements import echeances as titres
from segurnum.regles import calendrier
from segurnum.regles.cycles import EnumLibelle, EtatPaiement, GesteDemande, StatutDemande, TypeDemande
from segurnum.regles.cycles_enveloppes import GenreMouvement, GesteMouvement, StatutMouvement
from segurnum.regles.cycles_recouvrements import STATUTS_DUS, GesteRecouvrement, StatutRecouvrement
from segurnum.regles.erreurs import RefusMetier
from segurnum.regles.gestes import GesteDepot

TAUX = (Decimal("20"), Decimal("8.5"), Decimal("0"))
SAUTS = (
    timedelta(hours=1),
    timedelta(days=1),
    timedelta(days=8),
    timedelta(days=11),
    timedelta(days=21),
    timedelta(days=120),
)
# What the portal's periodic jobs do.
BALAYAGES: tuple[Callable[..., object], ...] = (
    suites.prevenir,
    suites.expirer,
    echeances.relancer,
    echeances.clore,
    banque.activer,
    contestations.relancer,
    contestations.echoir,
    titres.relancer,
)


class Vie:
    def __init__(self, monde: Monde, releve: Releve, depart: datetime) -> None:
        self.monde, self.releve = monde, releve
        self.saine = True
        self._bloc = transaction.atomic()
        self._bloc.__enter__()
        monde.recommencer()
        for personne in monde.personnes.values():
            personne.refresh_from_db(fields=["profil"])
        self.horloge = Horloge(depart)
        self._heure = a_l_heure(self.horloge)
        self._heure.__enter__()
        self.photo = Photo.prendre()
        self._debut, self._avant = self.photo.evenement, self.photo.versements

    # --- What happens in it

    def deposer(self, qui: str, hasard: int, *, libre: bool = False) -> None:
        """An avance, by whoever is drawn: for its own company, or for another's. `libre`: of whom nobody claims."""
        tirage = Tirage(hasard)
        inscrits = self.monde.enrolements
        sien = self.monde.personnes[qui].entreprise_id
        enrolement = next((un for un in inscrits if un.entreprise_id == sien), tirage.parmi(inscrits))
        pris = {un for une in self.photo.beneficiaires for un in une.identifiants} if libre else set()
        montant = tirage.parmi(MONTANTS)
        identifiant = tirage.parmi([un for un in BENEFICIAIRES if un not in pris] or BENEFICIAIRES)
        donnees = self.monde.donnees(enrolement, TypeDemande.AVANCE, identifiant=identifiant, montant=montant)
        declaration = creation.Declaration(
            donnees=donnees, montant_declare=montant, taux_tva=tirage.parmi(TAUX), numero_editeur="00001"
        )
        self._faire("DEPOSER", qui, lambda auteur: self._enregistrer(enrolement, declaration, auteur))

    def solder(self, rang: int, hasard: int) -> None:
        """The solde of an avance, by the person of its company."""
        tirage = Tirage(hasard)
        avance = _un_de(self._sans_solde(), rang)
        if avance is None:
            return
        enrolement = next(un for un in self.monde.enrolements if un.entreprise_id == avance.entreprise_id)
        ligne = Demande.objects.select_related("dossier").get(pk=avance.pk)
        deja = ligne.beneficiaires.values_list("identifiants", flat=True).first() or [BENEFICIAIRES[0]]
        identifiant = tirage.parmi((*[deja[0]] * 6, *BENEFICIAIRES))
        montant = tirage.parmi((avance.montant_declare, *MONTANTS))
        donnees = self.monde.donnees(enrolement, TypeDemande.SOLDE, identifiant=identifiant, montant=montant)
        donnees["numeroASP"] = ligne.dossier.numero
        declaration = creation.Declaration(
            donnees=donnees,
            montant_declare=montant,
            taux_tva=avance.taux_tva,
            numero_editeur="00001",
            dossier=ligne.dossier.numero,
        )
        qui = self._nommes(GesteDepot.IMPORTER, avance)[0]
        self._faire("DEPOSER_SOLDE", qui, lambda auteur: self._enregistrer(enrolement, declaration, auteur))

    def _sans_solde(self) -> list[Any]:
        """The avances that a file of soldes may name: the others are refused with the file, before any service."""
        soldes = {une.dossier_id for une in self.photo.demandes if une.type is TypeDemande.SOLDE}
        avances = [
            une
            for une in self.photo.demandes
            if une.type is TypeDemande.AVANCE
            and une.statut is not StatutDemande.NON_COMPLETEE
            and une.dossier_id not in soldes
        ]
        # Those whose solde can go to its end, where there are some.
        return [une for une in avances if une.statut is StatutDemande.DECIDEE] or avances

    def _enregistrer(self, enrolement: Any, declaration: creation.Declaration, auteur: Auteur) -> None:
        exiger(auteur, GesteDepot.IMPORTER, enrolement)
        creation.enregistrer(
            enrolement=enrolement,
            couloir=enrolement.referencement.couloir,
            type_demande=TypeDemande.SOLDE if declaration.dossier else TypeDemande.AVANCE,
            declarations=[declaration],
            auteur=auteur,
            instant=calendrier.maintenant(),
        )

    def tenter(self, table: Table, geste: EnumLibelle, qui: str, rang: int, hasard: int) -> None:
        """A gesture by anybody on anything: most are refused."""
        objet = _un_de(table.objets(self.photo), rang)
        if objet is not None:
            self._jouer(geste, objet, qui, hasard)

    def poursuivre(self, hasard: int) -> None:
        """A gesture that the tables allow, by one of those whom they name."""
        possibles = [
            (passage, objet)
            for table in TABLES
            for objet in table.objets(self.photo)
            for passage in table.passages
            if passage.depuis is table.depuis(objet)
            and nom_de(passage.geste) in JOUEURS
            and QUAND[nom_de(passage.geste)](objet)
            for _ in range(POIDS[nom_de(passage.geste)])
        ]
        if not possibles:
            return
        tirage = Tirage(hasard)
        passage, objet = tirage.parmi(possibles)
        self._jouer(passage.geste, objet, tirage.parmi(self._nommes(passage.geste, objet)), hasard // 7)

    def mener(self, hasard: int, pas: int, *sur: str) -> None:
        """So many gestures that go well, of these tables, on the newest matter, by those whom the tables name."""
        tirage = Tirage(hasard)
        tables = [table for table in reversed(TABLES) if table.nom in (sur or SUITES)]
        for _ in range(pas):
            prochains = (
                (geste, objet)
                for table in tables
                for objet in reversed(table.objets(self.photo))
                if (geste := suite(objet, table)) is not None
            )
            prochain = next(prochains, None)
            if prochain is None or not self._aboutir(*prochain, tirage):
                return

    def _aboutir(self, geste: EnumLibelle, objet: Any, tirage: Tirage) -> bool:
        """By the first of those who may whom nothing keeps from it."""
        avant, nommes = self.photo, deque(self._nommes(geste, objet))
        nommes.rotate(tirage.parmi(range(len(nommes))))
        for qui in nommes:
            self._jouer(geste, objet, qui, 0)
            if self.photo != avant:
                return True
        return False

    def annuler(self) -> None:
        """Cancel the last request, by who may."""
        self._aboutir(GesteDemande.ANNULER, self.photo.demandes[-1], Tirage(0))

    def compenser(self, hasard: int) -> None:
        """A debt and a payment of one company, then the first is kept on the second."""
        self.recouvrer(hasard, hasard // 4)
        self.mener(hasard, 1, "recouvrement")
        self.deposer("fanny", hasard, libre=True)
        self.mener(hasard, 3, "demande")
        dus = [un for un in self.photo.recouvrements if un.statut in STATUTS_DUS]
        if (titre := _un_de(dus, hasard)) is not None:
            geste = GesteRecouvrement.COMPENSER
            self._jouer(geste, titre, Tirage(hasard).parmi(self._nommes(geste, titre)), hasard // 7)

    def changer_de_compte(self, qui: str, rang: int, hasard: int) -> None:
        """Asked for, and in use once its delay is over."""
        self.ajouter_un_compte(qui, rang)
        self.mener(hasard, 3, "banque")
        self.attendre(timedelta(days=3))
        self.balayer()

    def recouvrer(self, rang: int, hasard: int) -> None:
        """Ask back what was paid, all or a part."""
        payees = [une for une in self.photo.demandes if une.etat_paiement is EtatPaiement.EFFECTUE]
        if (payee := _un_de(payees, rang)) is not None:
            qui = Tirage(hasard).parmi(self._nommes(GesteRecouvrement.PROPOSER, payee))
            self._jouer(GesteRecouvrement.PROPOSER, payee, qui, hasard // 7)

    def _nommes(self, geste: EnumLibelle, objet: Any) -> Sequence[str]:
        """Those who have the right today, whatever they had yesterday."""
        auteurs = {nom: self.monde.auteur(nom) for nom in PERSONNES}
        nommes = [nom for nom, auteur in auteurs.items() if peut(auteur, geste, objet)]
        return nommes or PERSONNES

    def _jouer(self, geste: EnumLibelle, objet: Any, qui: str, hasard: int) -> None:
        joueur = JOUEURS[nom_de(geste)]
        self._faire(
            nom_de(geste),
            qui,
            lambda auteur: joueur(self.monde, objet, auteur, Tirage(hasard)),
        )

    def balayer(self) -> None:
        """The night: each sweep of the portal, on what is due at this hour."""

        def passer(_: Auteur) -> None:
            with _sans_echec():
                instant = calendrier.maintenant()
                for balayer in BALAYAGES:
                    balayer(instant=instant)

        self._faire("BALAYER", PERSONNES[0], passer, muet=True)

    def attendre(self, saut: timedelta) -> None:
        self.horloge.instant += saut

    def changer_de_profil(self, qui: str, de_qui: str, profil: Profil) -> None:
        """The same person, under another profile: what they did under the former is still theirs."""
        if de_qui in AGENTS:
            personne = self.monde.personnes[de_qui]
            self._faire(
                "CHANGER_PROFIL",
                qui,
                lambda auteur: agents.changer_profil(personne=personne, profil=profil, auteur=auteur),
                muet=True,
            )
            personne.refresh_from_db(fields=["profil"])

    def regler_enveloppe(self, qui: str, montant: Decimal, hasard: int) -> None:
        """Propose that the first envelope has this amount, or gives it to the second; who may approves, or not."""
        premiere, seconde = self.photo.enveloppes
        ecart = montant - premiere.montant
        genre = GenreMouvement.CREDIT if ecart > 0 else GenreMouvement.REDUCTION
        if Tirage(hasard).parmi((False, False, True)):
            genre, ecart = GenreMouvement.VIREMENT, montant
        self._faire(
            "PROPOSER_MOUVEMENT",
            qui,
            lambda auteur: mouvements.proposer(
                genre=genre,
                enveloppe=premiere.pk,
                destination=seconde.pk if genre is GenreMouvement.VIREMENT else None,
                montant=abs(ecart),
                motif="Tirage",
                auteur=auteur,
            ),
        )
        attendent = [un for un in self.photo.mouvements if un.statut is StatutMouvement.A_APPROUVER]
        if attendent:
            geste = Tirage(hasard // 3).parmi((GesteMouvement.APPROUVER, *GesteMouvement))
            autres = [nom for nom in self._nommes(geste, attendent[0]) if nom != qui] or [qui]
            self._jouer(geste, attendent[0], autres[0], 0)

    def ajouter_un_compte(self, qui: str, rang: int) -> None:
        entreprise = self.monde.personnes[qui].entreprise or self.monde.enrolements[0].entreprise
        compte = banque.NouveauCompte(
            identites.iban(4242 + rang), identites.BIC, entreprise.denomination, "BANQUE DES ESSAIS"
        )
        self._faire(
            "AJOUTER_COMPTE",
            qui,
            lambda auteur: banque.ajouter(
                entreprise=entreprise,
                auteur=auteur,
                compte=compte,
                nom_rib="rib.pdf",
                rib=self.monde.piece,
            ),
        )

    # --- How it is judged

    def _faire(self, nom: str, qui: str, geste: Callable[[Auteur], object], *, muet: bool = False) -> None:
        """A refusal is a fine outcome, and leaves everything as it was; an act leaves its event, unless `muet`."""
        avant, self.saine = self.photo, False
        try:
            with transaction.atomic():
                geste(self.monde.auteur(qui))
        except RefusMetier:
            self.releve.noter(nom, qui, calendrier.maintenant(), fait=False)
            self.photo = Photo.prendre()
            assert self.photo == avant, f"{nom} : un refus a changé quelque chose"
        else:
            self.releve.noter(nom, qui, calendrier.maintenant(), fait=True)
            self.photo = Photo.prendre()
            assert muet or self.photo.evenement > avant.evenement, f"{nom} : aucun événement au journal"
        for juger in LOIS.values():
            juger(self.photo)
        self.saine = True

    def finir(self) -> None:
        """The last judgement, of a life where nothing was wrong; then it never was."""
        try:
            if self.saine:
                self._juger_la_fin()
        finally:
            self._heure.__exit__(None, None, None)
            transaction.set_rollback(True)
            self._bloc.__exit__(None, None, None)

    def _juger_la_fin(self) -> None:
        with connection.cursor() as curseur:
            curseur.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for juger in LOIS_DE_FIN.values():
            juger(self.monde, self.photo)
        self.releve.vies += 1
        self.releve.dossiers += len({une.dossier_id for une in self.photo.demandes})
        payes = [
            un for un in self.photo.versements if un.etat is EtatPaiement.EFFECTUE and un not in self._avant
        ]
        self.releve.avances += sum(un.type is TypeDemande.AVANCE for un in payes)
        self.releve.soldes += sum(un.type is TypeDemande.SOLDE for un in payes)
        self.releve.verse += sum((un.montant_paye for un in payes), Decimal(0))
        titres = [un for un in self.photo.recouvrements if un.numero is not None]
        self.releve.titres += len(titres)
        self.releve.regles += sum(
            un.statut in (StatutRecouvrement.SOLDE, StatutRecouvrement.COMPENSE) for un in titres
        )
        self.releve.rendu += sum((un.recu for un in titres), Decimal(0))
        faits = Evenement.objects.filter(pk__gt=self._debut).order_by().values_list("geste")
        self.releve.faits.update(dict(faits.annotate(Count("pk"))))


def _un_de(objets: Sequence[Any], rang: int) -> Any | None:
    return objets[rang % len(objets)] if objets else None


class _Echecs(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.dits: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.dits.append(self.format(record))


@contextmanager
def _sans_echec() -> Iterator[None]:
    """A sweep goes on after a row that fails, and tells it in its log: here it is a failure."""
    echecs, journal = _Echecs(), logging.getLogger("segurnum.entretien.balayages")
    journal.addHandler(echecs)
    try:
        yield
    finally:
        journal.removeHandler(echecs)
    assert not echecs.dits, "\n".join(echecs.dits)
