"""What PostgreSQL writes of a cell is what Python writes of it, whatever was typed."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.postgres.fields import ArrayField
from django.db import connection
from django.db.models import CharField, DateField, DateTimeField, DecimalField, Field, TextField, Value
from django.db.models.functions import Cast
from hypothesis import example, given
from hypothesis import strategies as st

from segurnum import couloirs
from segurnum.comptes.models import Entreprise
from segurnum.demandes.models import Demande
from segurnum.editique.tableur import ecrire, en_octets
from segurnum.essais import usines
from segurnum.exports.listes import DEMANDES, Colonne, beneficiaires
from segurnum.exports.natures import INSTANT, JOUR, JOUR_DECLARE, MONTANT, TEXTE, TEXTES, Nature
from segurnum.regles.cycles import StatutDemande

pytestmark = pytest.mark.django_db
HOSTILES = [
    *("", "00042", "=1+1", "+33155000000", "-2", "@A1", "\t=1", " =1", "\rX", "\nX", "\u00a0=1", "\u2003-1"),
    *(
        '"',
        'LE "GRAND"; ET\nFILS',
        "a;b",
        "é",
        "𝒜=",
        "\\.",
        "\\N",
        "NULL",
        "'",
        "''=1",
        "\u200b=1",
        "\x1f@",
        "ſ",
    ),
]
_textes = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=12)
_hostiles = st.sampled_from(HOSTILES) | st.text(
    st.sampled_from("=+-@ \t\r\n\x0b\x85\xa0;\"'0a\u3000\u180e"), max_size=6
)
_jours = st.dates(date(1900, 1, 1), date(2999, 12, 31))


def ecrits(nature: Nature, champ: Field[Any, Any], valeurs: Sequence[Any]) -> list[str]:
    """By the database, of any company: what is written does not depend on it."""
    un = Entreprise.objects.filter(pk=usines.entreprise().pk)
    return [
        un.annotate(lue=Cast(Value(valeur, champ), champ))
        .annotate(ecrite=nature.texte("lue"))
        .values_list("ecrite", flat=True)[0]
        or ""
        for valeur in valeurs
    ]


def dits(nature: Nature, valeurs: Sequence[Any]) -> list[str]:
    """By Python."""
    return [ecrire(None if valeur is None else nature.cellule(valeur)) for valeur in valeurs]


@given(st.lists(_textes | _hostiles, max_size=10))
@example(HOSTILES)
def test_un_texte(valeurs: list[str]):
    assert ecrits(TEXTE, TextField(), valeurs) == dits(TEXTE, valeurs)


def test_chaque_signe_blanc_est_blanc_pour_les_deux():
    """Those that Python knows, before a formula: a locale of the server changes nothing."""
    blancs = [chr(code) for code in range(1, 0x11000) if chr(code).isspace()]
    dites = dits(TEXTE, [f"{blanc}=1" for blanc in blancs])
    assert dites == [f"'{blanc}=1" for blanc in blancs]
    assert ecrits(TEXTE, TextField(), [f"{blanc}=1" for blanc in blancs]) == dites


@given(st.lists(_textes | _hostiles, max_size=3))
@example(["=1", "010000001"])
def test_plusieurs_identifiants(valeurs: list[str]):
    champ: Field[Any, Any] = ArrayField(TextField())
    assert ecrits(TEXTES, champ, [valeurs]) == dits(TEXTES, [valeurs])


@given(st.datetimes(datetime(1950, 1, 1), datetime(2999, 12, 31), timezones=st.just(UTC)))
@example(datetime(2026, 3, 29, 0, 59, 59, tzinfo=UTC))
@example(datetime(2026, 10, 25, 21, 59, 59, 999999, tzinfo=UTC))
@example(datetime(2026, 10, 24, 22, 0, tzinfo=UTC))
@example(datetime(2026, 12, 31, 23, 0, tzinfo=UTC))
def test_un_instant_est_son_jour_de_paris(instant: datetime):
    assert ecrits(INSTANT, DateTimeField(), [instant, None]) == dits(INSTANT, [instant, None])


@given(_jours)
def test_un_jour(jour: date):
    assert ecrits(JOUR, DateField(), [jour, None]) == dits(JOUR, [jour, None])


@given(st.lists(_textes | _hostiles | _jours.map(lambda jour: jour.strftime("%d/%m/%Y")), max_size=5))
@example(["18/10/2021", "1/2/2021", "31/02/2021", "=1", "", "２1/10/2021"])
def test_un_jour_declare(valeurs: list[str]):
    assert ecrits(JOUR_DECLARE, TextField(), valeurs) == dits(JOUR_DECLARE, valeurs)


def test_un_jour_declare_est_un_jour_pour_un_classeur():
    assert [JOUR_DECLARE.cellule(lu) for lu in ("18/10/2021", "bientôt", None)] == [
        date(2021, 10, 18),
        "bientôt",
        None,
    ]


@given(st.decimals(-(10**9), 10**9, places=2))
@example(Decimal("-0.01"))
@example(Decimal("1234567.80"))
def test_un_montant(montant: Decimal):
    champ: Field[Any, Any] = DecimalField(max_digits=12, decimal_places=2)
    assert ecrits(MONTANT, champ, [montant, None]) == dits(MONTANT, [montant, None])


@pytest.mark.parametrize(
    "colonne", [c for c in DEMANDES.colonnes if c.cle in ("type", "statut", "etat_paiement")]
)
def test_chaque_mot_a_son_libelle(colonne: Colonne):
    champ: Any = Demande._meta.get_field(colonne.cle)
    mots = list(champ.mots)
    assert ecrits(colonne.nature, champ, mots) == dits(colonne.nature, mots) == [mot.libelle for mot in mots]


def test_chaque_couloir_a_son_logiciel():
    (colonne,) = (c for c in DEMANDES.colonnes if c.cle == "dsr")
    tous = [couloir.dsr for couloir in couloirs.tous()]
    assert ecrits(colonne.nature, CharField(), tous) == dits(colonne.nature, tous)


@pytest.mark.exigence("EXP-001", "EXP-003", "EXP-005")
@pytest.mark.parametrize("par_beneficiaire", [False, True])
def test_le_fichier_de_la_base_est_celui_que_python_ecrirait(par_beneficiaire: bool):
    inscrit = usines.enrolement()
    demandes = [
        usines.demande(
            statut,
            inscrit=inscrit,
            numero_editeur=texte,
            depose_le=datetime(2026, 10, 25, heure, 30, tzinfo=UTC),
        )
        for heure, (statut, texte) in enumerate(
            [(StatutDemande.EN_COURS, "=1"), (StatutDemande.REJETEE, '"00;7'), (StatutDemande.HISTORISEE, "")]
        )
    ]
    for demande, nom in zip(demandes, ("+33", "a\nb", "\u2003@"), strict=True):
        demande.beneficiaires.update(
            nom=nom, raison_sociale="'", telephone="=0", courriel="", identifiants=["-1", "0"]
        )
    liste = beneficiaires(inscrit.referencement.dsr) if par_beneficiaire else DEMANDES
    cles = [demande.pk for demande in demandes]
    ecrit = b"".join(liste.en_csv(inscrit.entreprise, cles))
    attendu = b"".join(en_octets(liste.titres, liste.rangees(inscrit.entreprise, cles)))
    assert ecrit == attendu.replace(b"\r\n", b"\n")
    assert len(list(csv.reader(io.StringIO(ecrit.decode("utf-8-sig")), delimiter=";"))) == 4


@pytest.mark.exigence("EXP-007")
def test_les_cles_d_une_autre_entreprise_ne_donnent_rien():
    sienne, etrangere = usines.demande(), usines.demande()
    octets = b"".join(DEMANDES.en_csv(sienne.entreprise, [etrangere.pk, sienne.pk]))
    assert sienne.numero.encode() in octets
    assert etrangere.numero.encode() not in octets


def test_la_lecture_passe_par_ce_qui_tient_la_connexion():
    """Whoever holds a connection to reading holds the copy too."""
    demande = usines.demande()
    vus = []

    def espion(executer: Any, sql: Any, *reste: Any) -> Any:
        vus.append(sql)
        return executer(sql, *reste)

    with connection.execute_wrapper(espion):
        b"".join(DEMANDES.en_csv(demande.entreprise, [demande.pk]))
    assert [sql[:6] for sql in vus] == ["COPY ("]
