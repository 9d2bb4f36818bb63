"""What `segurnum endurance` compares: nothing to say of what is whole, a sentence for each thing that is not."""

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.core.files.storage import default_storage
from django.db import connection

from endurance import vies
from endurance.bilan import Bilan
from endurance.comparaison import comparer
from segurnum.comptes.auteurs import PORTAIL
from segurnum.courriels.models import Courriel
from segurnum.demandes import services as demandes
from segurnum.demandes.models import Demande, PieceJustificative
from segurnum.depots.models import Archive, Depot
from segurnum.essais import usines
from segurnum.essais.depots import Deposant
from segurnum.essais.falsifications import constater
from segurnum.essais.parties import BoiteSmtp, Recu
from segurnum.essais.vies.releve import Releve
from segurnum.journal.cycle import noter
from segurnum.paiements import services as paiements
from segurnum.paiements.models import Enveloppe, Versement
from segurnum.regles.calendrier import maintenant
from segurnum.web.tests.depot import decideur, gestionnaire

pytestmark = pytest.mark.django_db


class Passe:
    """A deposit gone to its decision, and what was acknowledged on its way."""

    def __init__(self) -> None:
        self.bilan = Bilan(dire=lambda phrase: None)
        deposant = Deposant.nouveau()
        noter(deposant.enrolement, "DEPOSER", PORTAIL)  # as its deposit does
        usines.enveloppe(deposant.enrolement.referencement.dsr)
        self.depot = deposant.importer(2)
        self.archive = deposant.envoyer(self.depot)
        deposant.terminer(self.depot)
        self.demande = Demande.objects.order_by("pk")[0]
        demandes.valider(demande=self.demande.pk, auteur=gestionnaire())
        paiements.decider(demande=self.demande.pk, auteur=decideur())
        constater()
        acquis = self.bilan.acquis
        acquis.imports[self.depot.pk] = self.depot.simulation_id
        acquis.archives.add((self.depot.pk, self.archive.fichier.empreinte))
        acquis.termines.add(self.depot.pk)
        acquis.gestes.add((self.demande.numero, "VALIDER"))
        _executer("DELETE FROM procrastinate_jobs")
        Courriel.objects.update(envoye_le=maintenant())
        self.boite = BoiteSmtp([Recu(f"<{c.pk}>", c.destinataire, c.objet) for c in Courriel.objects.all()])

    def comparer(self) -> list[str]:
        comparer(self.bilan, self.boite)
        return self.bilan.differences


def _executer(ordre: str) -> None:
    with connection.cursor() as curseur:
        curseur.execute(ordre)


def test_d_un_depot_entier_il_n_y_a_rien_a_dire():
    passe = Passe()
    passe.boite.recus *= 2  # a mail that came twice is no harm
    assert passe.comparer() == []
    assert passe.bilan.verifies["imports comparés"] == 1
    assert passe.bilan.verifies["courriels reçus en double (même Message-ID)"] == len(passe.boite.recus) / 2


def _perdre_des_octets(passe: Passe) -> None:
    default_storage.delete(passe.archive.fichier.cle)


def _changer_des_octets(passe: Passe) -> None:
    with open(default_storage.path(passe.archive.fichier.cle), "ab") as fichier:
        fichier.write(b"de trop")


DEFAUTS: dict[str, tuple[Callable[[Passe], object], str]] = {
    "import perdu": (
        lambda passe: passe.bilan.acquis.imports.update({999: 1}),
        "accusé, n'est pas dans la base",
    ),
    "import de trop": (lambda passe: passe.bilan.acquis.imports.clear(), "n'a été montré à personne"),
    "import à moitié fait": (lambda passe: passe.depot.lignes.all()[0].delete(), "à moitié fait"),
    "sortie changée": (
        lambda passe: Depot.objects.update(sortie=usines.fichier(b'{"impId": 1}')),
        "n'est pas celui que l'on recalcule",
    ),
    "dépôt rouvert": (lambda passe: Depot.objects.update(termine_le=None), "montré terminé, ne l'est pas"),
    "ZIP perdu": (
        lambda passe: passe.bilan.acquis.archives.add((passe.depot.pk, "ab" * 32)),
        "est 0 fois dans la base",
    ),
    "ZIP en attente": (
        lambda passe: Archive.objects.update(etat="EN_CONTROLE"),
        "est resté « Contrôle en cours »",
    ),
    "statut sans geste": (
        lambda passe: Demande.objects.filter(statut="EN_COURS").update(statut="REJETEE"),
        "le journal dit EN_COURS",
    ),
    "geste perdu": (
        lambda passe: passe.bilan.acquis.gestes.add((passe.demande.numero, "REJETER")),
        "REJETER de",
    ),
    "pièce sans fichier": (
        lambda passe: PieceJustificative.objects.update(fichier=None, depose_le=None),
        "n'a pas de fichier",
    ),
    "pièce perdue": (
        lambda passe: passe.bilan.acquis.pieces.add((passe.demande.numero, "x.pdf")),
        "y est 0 fois",
    ),
    "octets perdus": (_perdre_des_octets, "n'a plus ses octets"),
    "octets changés": (_changer_des_octets, "n'a pas les octets que sa ligne annonce"),
    "enveloppe fausse": (lambda passe: Enveloppe.objects.update(decide=1), "ses décisions font"),
    "paiement perdu": (lambda passe: Versement.objects.all().delete(), "ne font pas son montant"),
    "courriel non parti": (lambda passe: Courriel.objects.update(envoye_le=None), "n'est pas parti"),
    "courriel perdu": (lambda passe: passe.boite.recus.clear(), "1 écrits, 0 reçus"),
    "tâche oubliée": (
        lambda passe: _executer(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, status)"
            " VALUES ('archives', 'depots.controler_archive', 'doing')"
        ),
        "1 tâche(s) depots.controler_archive à l'état « doing »",
    ),
}


@pytest.mark.parametrize(("abimer", "phrase"), DEFAUTS.values(), ids=DEFAUTS)
def test_chaque_defaut_est_dit(abimer: Callable[[Passe], object], phrase: str):
    passe = Passe()
    abimer(passe)
    assert any(phrase in difference for difference in passe.comparer()), passe.bilan.differences


def test_les_vies_se_partagent_en_lots_dont_le_rang_fait_le_tirage() -> None:
    assert list(vies._lots(520, 3)) == [(3, vies.LOT), (4, vies.LOT), (5, 20)]


def test_ce_que_des_lots_ont_vecu_se_reunit_dans_l_ordre_de_leurs_rangs() -> None:
    def lot(geste: str) -> Releve:
        releve = Releve(vies=1, verse=Decimal("0.10"))
        releve.noter(geste, "fanny", datetime(2026, 6, 15, tzinfo=UTC), fait=True)
        return releve

    ensemble, autrement = Releve(), Releve()
    for suite in (lot("DEPOSER"), lot("ANNULER")):
        ensemble.ajouter(suite)
    for suite in (lot("ANNULER"), lot("DEPOSER")):
        autrement.ajouter(suite)
    assert (ensemble.vies, ensemble.verse, ensemble.acceptes.total()) == (2, Decimal("0.20"), 2)
    assert ensemble.empreinte != autrement.empreinte
