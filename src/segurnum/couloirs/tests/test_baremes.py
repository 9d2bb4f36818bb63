"""The kinds of scale: what each asks, what it gives, what it cannot tell, and what it refuses when it is declared."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from segurnum.couloirs import CouloirMalDeclare, par_code, trouver
from segurnum.couloirs.baremes import (
    Assiette,
    Bareme,
    BoitesComptees,
    ChiffreRefuse,
    Forfait,
    ForfaitEnDeuxTemps,
    ParBeneficiaire,
    ParNombreDeSites,
    ParTranche,
    PlafondCalcule,
    TableEligible,
    Tarif,
)
from segurnum.regles.cycles import TypeDemande

JOUR = date(2022, 9, 9)
TRANCHES = {"A": Decimal("625.00"), "B": Decimal("875.00")}
SITES = {"1": Decimal("22500.00"), "5": Decimal("38565.00")}
OFFICINE = ParTranche("beneficiaires.clients.trancheChiffreAffaires", essai=TRANCHES)
LABORATOIRE = ParNombreDeSites(
    "beneficiaires.clients.FINESSGeo", bornes=(Decimal("22500.00"), Decimal("38565.00")), essai=SITES
)


def _tarif(valeurs: Mapping[str, Decimal]) -> Tarif:
    return Tarif(valeurs, JOUR, "Arrêté d'essai")


def _plafond(bareme: Bareme, tarif: Tarif | None, *identifiants: str, **donnees: Any) -> PlafondCalcule:
    return bareme.plafond(Assiette(TypeDemande.AVANCE, identifiants, donnees), tarif)


def _clients(*clients: Mapping[str, Any]) -> dict[str, Any]:
    return {"clients": list(clients)}


def test_le_plafond_par_beneficiaire_nomme_son_tarif() -> None:
    bareme = ParBeneficiaire(exemple={"par_beneficiaire": Decimal("358.33")})
    plafond = _plafond(bareme, _tarif(bareme.exemple), "1", "2", "3")
    assert plafond.montant_ht == Decimal("1074.99")
    assert plafond.explication.replace("\xa0", " ") == (
        "3 bénéficiaires × 358,33 € HT (Arrêté d'essai, en vigueur depuis le 09/09/2022)"
    )


def test_chaque_officine_a_le_montant_de_sa_tranche() -> None:
    donnees = _clients(
        *({"trancheChiffreAffaires": tranche} for tranche in ("A", "B", "A")),
    )
    plafond = _plafond(OFFICINE, _tarif(TRANCHES), beneficiaires=donnees)
    assert plafond.montant_ht == Decimal("2125.00")
    assert [ligne.montant for ligne in plafond.lignes] == [
        Decimal("1250.00"),
        Decimal("875.00"),
        Decimal("2125.00"),
    ]


def test_une_tranche_inconnue_ou_tue_compte_pour_zero_et_le_dit() -> None:
    for tranche, phrase in (("Z", "« Z » n'est pas au barème"), (None, "ne dit pas sa tranche")):
        plafond = _plafond(
            OFFICINE, _tarif(TRANCHES), beneficiaires=_clients({"trancheChiffreAffaires": tranche})
        )
        assert plafond.montant_ht == 0
        assert phrase in plafond.inconnu


def test_une_tranche_inconnue_ne_libere_pas_celles_qui_sont_connues() -> None:
    clients = _clients(*({"trancheChiffreAffaires": tranche} for tranche in ("A", "Z")))
    plafond = _plafond(OFFICINE, _tarif(TRANCHES), beneficiaires=clients)
    assert (
        plafond.montant_ht
        == _plafond(
            OFFICINE, _tarif(TRANCHES), beneficiaires=_clients({"trancheChiffreAffaires": "A"})
        ).montant_ht
    )
    assert "« Z » n'est pas au barème" in plafond.explication


def test_un_laboratoire_est_plafonne_selon_son_nombre_de_sites() -> None:
    for nombre, attendu in ((1, "22500.00"), (4, "22500.00"), (5, "38565.00"), (60, "38565.00")):
        sites = [f"{rang:09d}" for rang in range(nombre)]
        plafond = _plafond(
            LABORATOIRE, _tarif(SITES), beneficiaires=_clients({"FINESSGeo": [*sites, sites[0]]})
        )
        assert plafond.montant_ht == Decimal(attendu), nombre


def test_le_forfait_plafonne_la_demande_quel_que_soit_le_nombre_de_beneficiaires() -> None:
    bareme = Forfait(exemple={"forfait": Decimal("3500.00")})
    assert _plafond(bareme, _tarif(bareme.exemple), "1", "2").montant_ht == Decimal("3500.00")


def test_la_table_additionne_les_plafonds_et_nomme_qui_n_y_est_pas() -> None:
    ligne = _tarif({"plafond": Decimal("11000.00")})
    autre = replace(ligne, valeurs={"plafond": Decimal("9.50")})
    assiette = Assiette(TypeDemande.AVANCE, ("1", "2", "3"), table={"1": ligne, "2": ligne, "3": autre})
    plafond = TableEligible().plafond(assiette, None)
    assert plafond.montant_ht == Decimal("22009.50")
    assert "2 bénéficiaires × 11" in plafond.lignes[0].detail
    sans = TableEligible().plafond(replace(assiette, table={"1": ligne}), None)
    assert (sans.montant_ht, sans.manquants) == (Decimal("11000.00"), ("2", "3"))
    assert "2 bénéficiaires sans plafond connu, qui comptent pour 0" in sans.explication
    vide = TableEligible().plafond(replace(assiette, table={}), None)
    assert (vide.montant_ht, len(vide.lignes)) == (Decimal(0), 1)


def test_sans_tarif_en_vigueur_ou_avec_un_tarif_incomplet_le_plafond_compte_pour_zero() -> None:
    sans = _plafond(OFFICINE, None)
    assert (sans.montant_ht, sans.inconnu) == (Decimal(0), sans.lignes[0].detail)
    assert "Aucun barème n'est en vigueur" in sans.inconnu
    assert (
        "incomplet" in _plafond(ParBeneficiaire(essai={"par_beneficiaire": Decimal(1)}), _tarif({})).inconnu
    )


def test_les_montants_calcules_nomment_leur_tarif() -> None:
    for code in ("SAS-AGE", "MSS-MSS"):
        bareme = par_code(code).bareme
        assert isinstance(bareme, (ForfaitEnDeuxTemps, BoitesComptees))
        comptes = dict.fromkeys(bareme.comptes, 10)
        calculs = bareme.montants(_tarif(bareme.exemple), Decimal(20), comptes)
        for calcul in (calculs.avance, calculs.solde):
            assert any("Arrêté d'essai" in ligne.detail for ligne in calcul.lignes), code


def test_le_plus_que_donne_un_bareme_calcule_depend_du_type() -> None:
    bareme = par_code("MSS-MSS").bareme
    for type_demande, attendu in (
        (TypeDemande.AVANCE, "6666.67"),
        (TypeDemande.SOLDE, "250000.00"),
    ):
        plafond = bareme.plafond(Assiette(type_demande), _tarif(bareme.exemple))
        assert plafond.montant_ht == Decimal(attendu)


@pytest.mark.parametrize(
    ("bareme", "valeurs", "phrase"),
    [
        (OFFICINE, {}, "Au moins une tranche"),
        (OFFICINE, {"": Decimal(1)}, "a un nom"),
        (OFFICINE, {"A": Decimal("1.001")}, "un montant en euros et centimes"),
        (OFFICINE, {"A": Decimal(0)}, "au-dessus de 0"),
        (OFFICINE, {"A": Decimal("NaN")}, "au-dessus de 0"),
        (LABORATOIRE, {"2": Decimal(1)}, "commence à 1 site"),
        (LABORATOIRE, {"1": Decimal(1), "deux": Decimal(1)}, "n'est pas un nombre de sites"),
        (LABORATOIRE, {"1": Decimal(1), "02": Decimal(1)}, "n'est pas un nombre de sites"),
        (par_code("SAS-AGE").bareme, {"avance": Decimal(2), "total": Decimal(1)}, "dépasser"),
        (par_code("SAS-AGE").bareme, {"avance": Decimal(2)}, "Il manque le chiffre « Forfait total »"),
        (par_code("MDV-LGC").bareme, {"par_medecin": Decimal(2)}, "n'est pas un chiffre"),
        (
            par_code("MSS-MSS").bareme,
            dict(par_code("MSS-MSS").bareme.exemple) | {"plafond": Decimal(1)},
            "Le plafond doit",
        ),
    ],
)
def test_des_chiffres_avec_lesquels_rien_ne_se_calcule_sont_refuses(
    bareme: Bareme, valeurs: Mapping[str, Decimal], phrase: str
) -> None:
    with pytest.raises(ChiffreRefuse, match=phrase):
        bareme.lire(valeurs)


def test_un_bareme_sans_chiffre_ou_au_chiffre_manquant_ne_se_declare_pas() -> None:
    for declarer in (
        ParBeneficiaire,
        lambda: BoitesComptees(exemple={"forfait": Decimal(1)}),
        lambda: ParTranche("beneficiaires.tranche"),
    ):
        with pytest.raises(ChiffreRefuse):
            declarer()


def test_un_mot_ou_un_chemin_inconnu_arrete_la_declaration_du_couloir() -> None:
    couloir = trouver("MDV-LGC-Va1")
    with pytest.raises(CouloirMalDeclare, match="par_beneficaire"):
        replace(couloir, bareme="par_beneficaire")  # type: ignore[arg-type]
    with pytest.raises(CouloirMalDeclare, match=r"barème \(avance\) › .* « tranche » est inconnu"):
        replace(couloir, bareme=replace(OFFICINE, champ="beneficiaires.tranche"))


def test_le_taux_de_l_avance_se_tait_ou_se_dit_sans_etre_une_tranche() -> None:
    dit = dict(SITES) | {"taux_avance": Decimal(40)}
    assert list(LABORATOIRE.lire(dit)) == ["1", "5", "taux_avance"]
    assert LABORATOIRE.ecrire(dit)[-1] == ("Taux de l'avance", "40\xa0%")
    assert LABORATOIRE.remarques(dit) == ()
    assert (LABORATOIRE.taux_avance(_tarif(SITES)), LABORATOIRE.taux_avance(_tarif(dit))) == (
        Decimal("0.30"),
        Decimal("0.40"),
    )
    assert (
        _plafond(
            OFFICINE,
            _tarif(TRANCHES | {"taux_avance": Decimal(40)}),
            beneficiaires=_clients({"trancheChiffreAffaires": "taux_avance"}),
        ).montant_ht
        == 0
    )


def test_ce_qui_n_est_pas_public_est_dit_et_rien_n_est_invente() -> None:
    assert trouver("MDV-LGC-Va1").bareme.reserve == ""
    assert trouver("MDV-LGC-Va2").bareme.reserve == "Les chiffres de ce couloir ne sont pas publics."
    assert "ne sont pas publics" in OFFICINE.reserve
    assert "38\u202f565,00" in LABORATOIRE.reserve
    assert "ne sont pas publics" in par_code("HOP-DPI").bareme.reserve
    assert not OFFICINE.public


def test_un_montant_hors_de_ce_qui_est_public_est_a_regarder_deux_fois() -> None:
    assert LABORATOIRE.remarques(SITES) == ()
    (remarque,) = LABORATOIRE.remarques(SITES | {"9": Decimal(50_000)})
    assert "À partir de 9 sites" in remarque


def test_chaque_chiffre_s_ecrit_avec_son_unite_et_deux_decimales_dans_l_ordre_du_bareme() -> None:
    ecrites = LABORATOIRE.ecrire({"10": Decimal(2), "5": Decimal("1.5"), "1": Decimal(1)})
    assert [(nom, texte.replace("\xa0", " ")) for nom, texte in ecrites] == [
        ("À partir de 1 site", "1,00 € HT"),
        ("À partir de 5 sites", "1,50 € HT"),
        ("À partir de 10 sites", "2,00 € HT"),
    ]
