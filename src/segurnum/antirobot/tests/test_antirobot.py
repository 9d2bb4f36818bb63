"""People pass, once per proof; robots do not: neither a wrong computation, nor an old one, nor the same one twice."""

from datetime import timedelta

import altcha
import pytest
from pytest_django import Settings

from segurnum.antirobot import services, tasks
from segurnum.antirobot.models import EpreuveUtilisee
from segurnum.antirobot.services import (
    DELAI_MINIMAL,
    DELAIS_PAR_HEURE,
    DUREE,
    Epreuve,
    EpreuveRefusee,
    accepter,
)
from segurnum.regles.calendrier import maintenant

pytestmark = [pytest.mark.django_db, pytest.mark.exigence("XCT-001")]

ADRESSE = "192.0.2.7"


@pytest.fixture(autouse=True)
def _calcul_leger(settings: Settings) -> None:
    settings.CAPTCHA_COUT = 10


@pytest.fixture
def horloge(monkeypatch: pytest.MonkeyPatch):
    """Moves the clock of the proofs; the signatures of Django keep the real one."""

    def avancer(duree: timedelta) -> None:
        monkeypatch.setattr(services, "maintenant", lambda: maintenant() + duree)

    return avancer


def resoudre() -> str:
    defi = altcha.Challenge.from_dict(services.defi())
    solution = altcha.solve_challenge(defi)
    assert solution is not None
    return altcha.Payload(defi, solution).to_base64()


def refus(**epreuve: str) -> str:
    with pytest.raises(EpreuveRefusee) as refuse:
        accepter(epreuve=Epreuve(**epreuve), adresse=ADRESSE)
    return str(refuse.value)


def marque_attendue(horloge) -> str:
    marque = services.marque_de_page()
    horloge(DELAI_MINIMAL + timedelta(seconds=1))
    return marque


def test_un_calcul_juste_passe_et_ne_sert_qu_une_fois() -> None:
    calcul = resoudre()
    accepter(epreuve=Epreuve(calcul=calcul), adresse=ADRESSE)
    assert "déjà servi" in refus(calcul=calcul)


def test_la_meme_solution_ecrite_autrement_ne_sert_pas_non_plus() -> None:
    calcul = resoudre()
    accepter(epreuve=Epreuve(calcul=calcul), adresse=ADRESSE)
    relu = altcha.Payload.from_base64(calcul)
    relu.solution.time = 12.5
    assert "déjà servi" in refus(calcul=relu.to_base64())


@pytest.mark.exigence("PUB-031")
@pytest.mark.parametrize("faux", ["mac32", "e30=", "é", "null"])
def test_un_calcul_faux_est_refuse_meme_avec_un_delai_suffisant(faux: str, horloge) -> None:
    assert "a échoué" in refus(calcul=faux, delai=marque_attendue(horloge))


def test_un_defi_que_le_portail_n_a_pas_signe_est_refuse() -> None:
    defi = altcha.create_challenge("PBKDF2/SHA-256", 1, expires_at=maintenant() + DUREE, hmac_secret="autre")
    solution = altcha.solve_challenge(defi)
    assert solution is not None
    assert "a échoué" in refus(calcul=altcha.Payload(defi, solution).to_base64())


def test_un_defi_expire_est_refuse(horloge) -> None:
    horloge(-DUREE - timedelta(minutes=1))
    calcul = resoudre()
    assert "a expiré" in refus(calcul=calcul)


def test_sans_calcul_le_temps_passe_sur_la_page_suffit_une_fois(horloge) -> None:
    marque = marque_attendue(horloge)
    accepter(epreuve=Epreuve(delai=marque), adresse=ADRESSE)
    assert "déjà servi" in refus(delai=marque)


def test_un_envoi_immediat_sans_calcul_est_refuse() -> None:
    assert "moins de 5 secondes" in refus(delai=services.marque_de_page())


@pytest.mark.parametrize("marque", ["", "inventee", "inventee:a:b"])
def test_sans_calcul_ni_marque_du_portail_rien_ne_passe(marque: str) -> None:
    assert "Cochez « Je ne suis pas un robot »" in refus(delai=marque)


def test_une_page_ouverte_trop_longtemps_est_a_renvoyer(monkeypatch: pytest.MonkeyPatch) -> None:
    marque = services.marque_de_page()
    monkeypatch.setattr("django.core.signing.time.time", lambda: maintenant().timestamp() + 3601)
    assert "plus d'une heure" in refus(delai=marque)


def test_le_champ_que_seuls_les_robots_remplissent_arrete_tout() -> None:
    assert "champ caché" in refus(calcul=resoudre(), piege="https://pub.example")


def test_un_reseau_ne_se_passe_pas_du_calcul_sans_limite(horloge) -> None:
    marques = [services.marque_de_page() for _ in range(DELAIS_PAR_HEURE + 1)]
    horloge(DELAI_MINIMAL + timedelta(seconds=1))
    for rang, marque in enumerate(marques[:-1]):
        accepter(epreuve=Epreuve(delai=marque), adresse=f"2001:db8::{rang}")
    with pytest.raises(EpreuveRefusee, match="activez JavaScript"):
        accepter(epreuve=Epreuve(delai=marques[-1]), adresse="2001:db8::ffff")
    accepter(epreuve=Epreuve(calcul=resoudre()), adresse="2001:db8::ffff")
    accepter(epreuve=Epreuve(delai=marques[-1]), adresse="2001:db8:0:1::1")


@pytest.mark.exigence("XCT-009")
def test_l_adresse_n_est_pas_gardee_et_l_epreuve_expiree_est_oubliee(horloge) -> None:
    accepter(epreuve=Epreuve(calcul=resoudre()), adresse=ADRESSE)
    assert ADRESSE not in EpreuveUtilisee.objects.get().origine
    tasks.oublier(timestamp=0)
    assert EpreuveUtilisee.objects.count() == 1
    horloge(DUREE + timedelta(seconds=1))
    tasks.oublier(timestamp=0)
    assert EpreuveUtilisee.objects.count() == 0


def test_la_page_montree_de_nouveau_garde_sa_marque_tant_qu_elle_peut_servir(horloge) -> None:
    marque = services.marque_de_page()
    assert services.marque_de_page(marque) == marque
    assert services.marque_de_page("inventee") not in ("", "inventee")
    horloge(DELAI_MINIMAL + timedelta(seconds=1))
    accepter(epreuve=Epreuve(delai=marque), adresse=ADRESSE)
    assert services.marque_de_page(marque) != marque
