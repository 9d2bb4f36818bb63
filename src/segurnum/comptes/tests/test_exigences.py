"""What a password must be, each rule by one that breaks it, and what conforms is let through."""

from contextlib import suppress

import pytest
from django.contrib.auth.password_validation import password_validators_help_texts, validate_password
from django.core.exceptions import ValidationError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from segurnum.comptes import exigences
from segurnum.comptes.models import Profil, Utilisateur
from segurnum.essais import usines
from segurnum.referentiel.models import Referencement

pytestmark = pytest.mark.django_db


@pytest.fixture
def personne() -> Utilisateur:
    entreprise = usines.entreprise(denomination="ÉDITIONS VALOMBREUSE", commune="LIMOGES")
    usines.enrolement(societe=entreprise)
    Referencement.objects.update(logiciel="Médigraphe")
    personne = usines.utilisateur(Profil.FOURNISSEUR, entreprise=entreprise)
    personne.username, personne.email = "zquintrelle", "zoe.quintrelle@valombreuse.example"
    personne.first_name, personne.last_name = "Zoé", "Quintrelle"
    return personne


def _refus(mot_de_passe: str, personne: Utilisateur | None = None) -> str:
    with pytest.raises(ValidationError) as refus:
        validate_password(mot_de_passe, personne)
    return " ".join(refus.value.messages)


@pytest.mark.parametrize(
    ("mot_de_passe", "cause"),
    [
        ("k7$Rt-wQ2zP", "trop court : 12 caractères"),
        ("k7$Rt-wQ2zP" * 12, "trop long : 128 caractères"),
        ("motdepasse123", "premiers que l'on essaie"),
        ("MotDePasse2026!", "premiers que l'on essaie"),
        ("Motdepassemotdepasse", "premiers que l'on essaie"),
        ("azertyuiop2026", "premiers que l'on essaie"),
        ("Été2026!!!!!!", "premiers que l'on essaie"),
        ("Clermontferrand63", "premiers que l'on essaie"),
        ("Iloveyou-123456", "premiers que l'on essaie"),
        ("Printemps-Marseille-2026", "une année"),
        ("jean-pierre-1975", "des mots ou des prénoms courants"),
        ("123456789012345", "une suite de lettres ou de chiffres"),
        ("aaaaaaaaaaaaaaaaa", "une répétition"),
        ("abcabcabcabcabc", "une répétition"),
    ],
)
def test_un_mot_de_passe_faible_est_refuse_et_sa_faiblesse_nommee(mot_de_passe: str, cause: str) -> None:
    assert cause in _refus(mot_de_passe)


@pytest.mark.parametrize(
    "mot_de_passe",
    [
        "Quintrelle-Zoé-2026",
        "valombreuse!Limoges",
        "Editions_Valombreuse_1",
        "portail-segur-numerique",
        "zquintrelle@valombreuse",
        "Médigraphe2026!!",
        "sante-financement-2027",
    ],
)
def test_ce_que_l_on_sait_de_la_personne_ou_du_portail_ne_compte_pas(
    personne: Utilisateur, mot_de_passe: str
) -> None:
    assert "votre nom, votre entreprise ou le portail" in _refus(mot_de_passe, personne)


def test_le_siret_de_l_entreprise_ne_fait_pas_un_mot_de_passe(personne: Utilisateur) -> None:
    assert personne.entreprise is not None
    assert "votre entreprise" in _refus(f"{personne.entreprise.siret}!", personne)


@pytest.mark.parametrize(
    "mot_de_passe",
    [
        "le-chat-mange-la-pomme",
        "zèbre cuillère orage tabouret",
        "kW9$pz!mQ2xL",
        "zebre-cuillere-segur-orage-tabouret",
        "k7$Rt-wQ2zP" * 11,
    ],
)
def test_une_phrase_ou_un_tirage_au_sort_conviennent(personne: Utilisateur, mot_de_passe: str) -> None:
    validate_password(mot_de_passe, personne)


def test_les_regles_sont_dites_en_une_phrase_qui_porte_les_deux_bornes() -> None:
    (phrase,) = password_validators_help_texts()
    assert phrase == exigences.REGLES
    assert str(exigences.MINIMUM) in phrase
    assert str(exigences.MAXIMUM) in phrase


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=200))
def test_quoi_qu_on_saisisse_la_reponse_est_oui_ou_une_phrase(mot_de_passe: str) -> None:
    with suppress(ValidationError):
        validate_password(mot_de_passe)
