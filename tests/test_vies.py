"""Random lives of dossiers: what must hold holds after each gesture, whoever makes it, and at the end."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from decimal import Decimal
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from pytest_django.plugin import DjangoDbBlocker

from segurnum.comptes.models import Profil
from segurnum.demandes import separation
from segurnum.demandes import services as demandes
from segurnum.essais.partage import fait_une_fois
from segurnum.essais.vies import lois, vie
from segurnum.essais.vies.gestes import JOUEURS, SANS_JOUEUR, TABLES, nom_de
from segurnum.essais.vies.machine import DEPARTS, vivre
from segurnum.essais.vies.monde import Monde
from segurnum.essais.vies.photo import Photo
from segurnum.essais.vies.releve import Releve
from segurnum.essais.vies.vie import Vie
from segurnum.journal import services as journal
from segurnum.paiements import cycle, documents, ecritures, enveloppes, services
from segurnum.paiements.models import Enveloppe
from segurnum.paiements.queries import demandes_a_exporter
from segurnum.recouvrements.models import Recouvrement

pytestmark = [pytest.mark.django_db, pytest.mark.long]

# Some fifteen seconds of processor: `segurnum endurance vies` lives more of them.
NOMBRE = 50


@pytest.fixture(scope="module")
def monde(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Monde]:
    with fait_une_fois(django_db_blocker, Monde.naitre) as monde:
        yield monde


def test_chaque_geste_des_cycles_de_vie_est_joue_ou_dit_pourquoi_non() -> None:
    gestes = {nom_de(passage.geste) for table in TABLES for passage in table.passages}
    assert gestes - set(JOUEURS) == set(SANS_JOUEUR)
    assert set(JOUEURS) <= gestes


def test_aucune_vie_ne_rompt_une_loi(monde: Monde) -> None:
    releve = vivre(monde, NOMBRE)
    assert releve.vies >= NOMBRE
    assert releve.avances
    assert releve.rendu


def test_la_meme_graine_refait_les_memes_vies_plus_tard_et_dans_un_programme_qui_a_change(
    monde: Monde, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    d_abord = vivre(monde, 5, graine=3)
    (tmp_path / "un_module_de_plus.py").write_text(f"NOMBRES = {[*range(5000, 9000, 7)]}", encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    import_module("un_module_de_plus")
    encore = vivre(monde, 5, graine=3)
    assert encore == d_abord
    assert encore.empreinte


# --- A life in which all of the money moves, and what is broken in it, one thing at a time


@contextmanager
def _fini(une: Vie) -> Iterator[Vie]:
    try:
        yield une
    finally:
        une.finir()


def _vivre(monde: Monde) -> Releve:
    """A solde is paid, an avance is cancelled, another is asked back in part, and repaid."""
    releve = Releve()
    with monde.lettres_lues(), _fini(Vie(monde, releve, DEPARTS[0])) as une:
        une.deposer("fanny", 0, libre=True)
        une.mener(0, 2, "demande")
        une.changer_de_profil("adele", "gerard", Profil.DECIDEUR)
        une.mener(0, 1, "demande")
        une.annuler()
        une.solder(0, 0)
        une.mener(0, 5)
        une.recouvrer(0, 7)
        une.mener(0, 2)
    return releve


def test_une_vie_ou_tout_l_argent_bouge(monde: Monde) -> None:
    releve = _vivre(monde)
    assert (releve.soldes, releve.titres, releve.regles) == (1, 1, 1)
    assert releve.acceptes["GesteDemande.ANNULER"] == releve.acceptes["GesteDemande.DECIDER"] - 1 == 1


def _sans_effet(*_: Any, **__: Any) -> None:
    return None


def _engager_deux_fois(dsr: str, montant: Decimal, instant: Any) -> Enveloppe:
    enveloppe = Enveloppe.objects.filter(dsr__contains=[dsr]).order_by("rang")[0]
    enveloppe.decide += 2 * montant
    enveloppe.save(update_fields=["decide"])
    return enveloppe


def _photo(**champs: Callable[[Photo], Any]) -> tuple[Any, str, Any]:
    """What the database itself refuses is written in the photograph."""
    vraie = Photo.prendre

    def prendre() -> Photo:
        photo = vraie()
        return replace(photo, **{nom: champ(photo) for nom, champ in champs.items()})

    return vie.Photo, "prendre", staticmethod(prendre)


def _deux_fois(photo: Photo) -> Any:
    return (*photo.versements, photo.versements[0])


def _a_un_autre(photo: Photo) -> Any:
    """Another dossier than the paid one has its beneficiary, and is decided too."""
    premier = photo.beneficiaires[0]
    return tuple(un._replace(identifiants=premier.identifiants) for un in photo.beneficiaires)


def _un_de_plus(nom: str, champ: str, valeur: Any) -> Callable[[Photo], Any]:
    return lambda photo: tuple(une._replace(**{champ: valeur}) for une in getattr(photo, nom))


# The sentence of the law -> where the program is broken, and by what.
FAUTES: dict[str, tuple[tuple[Any, str, Any], ...]] = {
    "une enveloppe porte": (
        (enveloppes, "rendre", _sans_effet),
        (enveloppes, "engager", _engager_deux_fois),
    ),
    "personne n'est payé deux fois": (_photo(versements=_deux_fois),),
    "un bénéficiaire est financé": (_photo(beneficiaires=_a_un_autre),),
    "ce qui est payé est ce qui est décidé": (
        _photo(versements=_un_de_plus("versements", "montant_paye", Decimal("0.01"))),
    ),
    "ce qui est retenu sur un paiement": (
        _photo(versements=_un_de_plus("versements", "compense", Decimal("0.01"))),
    ),
    "un titre ne reçoit que ce qui est dû": (
        _photo(recouvrements=_un_de_plus("recouvrements", "recu", Decimal("100.01"))),
        _photo(reglements=lambda photo: (*photo.reglements, *photo.reglements)),
    ),
    "une même personne ne décide pas": (
        _photo(
            decisions=lambda photo: tuple(
                une._replace(
                    decideur_id=next(d.valideur_id for d in photo.demandes if d.pk == une.demande_id)
                )
                for une in photo.decisions
            )
        ),
    ),
    "une demande décidée a sa décision": (
        _photo(decisions=_un_de_plus("decisions", "montant", Decimal("0.01"))),
    ),
    "l'état du paiement": ((demandes, "noter_paiement", _sans_effet),),
    "un dossier ne reçoit pas plus": (
        _photo(demandes=_un_de_plus("demandes", "engagement", Decimal("0.01"))),
    ),
    "d'une demande qui n'est plus décidée": ((services, "_rendre", _sans_effet),),
    "ce que le fournisseur lit est ce qui est payé": (
        (lois, "suivi_financier", lambda dossier: vie.Demande.objects.none()),
    ),
    "l'export d'une entreprise": (
        (lois, "demandes_a_exporter", lambda societe: demandes_a_exporter(societe, [])),
    ),
    "l'avis de chaque paiement": ((documents, "en_euros", lambda _: "1,00 €"),),
    "la lettre de chaque décision": ((documents, "en_euros", lambda _: "1,00 €"),),
    "ce que le fournisseur lit de ce qu'il doit": ((lois, "emis_de", lambda _: Recouvrement.objects.none()),),
    "sur un dossier, personne n'a deux": ((separation, "empechement", _sans_effet),),
    "le grand livre est équilibré": ((ecritures, "sur_versement", _sans_effet),),
    "le journal se prouve": ((cycle, "identite", lambda compte: {"compte": compte.pk + 1}),),
}
CAS = [(loi, *faute) for loi, fautes in FAUTES.items() for faute in fautes]


def test_chaque_loi_a_une_faute_qui_la_rompt() -> None:
    phrases = [*lois.LOIS, *lois.LOIS_DE_FIN]
    assert [[p for p in phrases if p.startswith(debut)] for debut in FAUTES] == [[p] for p in phrases]


@pytest.mark.parametrize(("loi", "ou", "quoi", "faux"), CAS, ids=[f"{cas[0]} – {cas[2]}" for cas in CAS])
def test_une_regle_rompue_se_voit_par_la_loi_qui_la_dit(
    loi: str, ou: Any, quoi: str, faux: Any, monde: Monde, monkeypatch: pytest.MonkeyPatch
) -> None:
    for nom in ("LOIS", "LOIS_DE_FIN"):
        toutes = getattr(lois, nom)
        monkeypatch.setattr(vie, nom, {phrase: toutes[phrase] for phrase in toutes if phrase.startswith(loi)})
    monkeypatch.setattr(ou, quoi, faux)
    with pytest.raises(AssertionError) as faute:
        _vivre(monde)
    assert str(faute.traceback[-1].path).endswith("lois.py")


def test_un_versement_qui_passe_sans_trace_se_voit_en_quelques_vies(
    monde: Monde, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal, "consigner", _sans_effet)
    with pytest.raises(AssertionError) as faute:
        vivre(monde, 50, graine=7, reduire=False)
    assert "state.naitre" in "".join(faute.value.__notes__)
