"""The second factor: a code serves once, failures count, recovery codes are kept as digests."""

import io
import os
import subprocess
import sys
from unittest.mock import patch

import pyotp
import pytest
from django.core.management import CommandError, call_command

from segurnum.comptes import queries, second_facteur
from segurnum.comptes.auteurs import PORTAIL
from segurnum.comptes.models import CleAcces, CodeSecours, Profil, SecondFacteur, Utilisateur
from segurnum.essais import usines
from segurnum.essais.courriels import recus
from segurnum.journal.models import Evenement
from segurnum.limites.models import Compteur
from segurnum.regles.calendrier import maintenant
from segurnum.regles.erreurs import GesteImpossible

pytestmark = pytest.mark.django_db


@pytest.fixture
def personne() -> Utilisateur:
    return usines.utilisateur(Profil.GESTIONNAIRE)


def code(cle: str, decalage: int = 0) -> str:
    return pyotp.TOTP(cle).at(maintenant(), counter_offset=decalage)


def activer(personne: Utilisateur) -> tuple[str, list[str]]:
    """The key and the recovery codes, the activation being old enough for the code of now to be a new one."""
    cle = second_facteur.nouvelle_cle()
    codes = second_facteur.activer(personne=personne, cle=cle, code=code(cle))
    SecondFacteur.objects.update(dernier_pas=0)
    return cle, codes


def test_l_activation_demande_un_code_juste(personne: Utilisateur) -> None:
    cle = second_facteur.nouvelle_cle()
    with pytest.raises(GesteImpossible, match="six chiffres affichés"):
        second_facteur.activer(personne=personne, cle=cle, code="000000x")
    assert not queries.a_un_second_facteur(personne)
    codes = second_facteur.activer(personne=personne, cle=cle, code=f" {code(cle)[:3]} {code(cle)[3:]} ")
    assert len(set(codes)) == second_facteur.CODES_DE_SECOURS
    with pytest.raises(GesteImpossible, match="déjà active"):
        second_facteur.activer(personne=personne, cle=cle, code=code(cle))
    assert Evenement.objects.get(objet=personne.objet).geste == "ACTIVER_SECOND_FACTEUR"


def test_le_code_qui_a_active_ne_sert_pas_une_seconde_fois(personne: Utilisateur) -> None:
    cle = second_facteur.nouvelle_cle()
    present = code(cle)
    second_facteur.activer(personne=personne, cle=cle, code=present)
    assert not second_facteur.verifier(personne=personne, code=present)


def test_un_code_ne_sert_qu_une_fois(personne: Utilisateur) -> None:
    cle, _ = activer(personne)
    present = code(cle)
    assert second_facteur.verifier(personne=personne, code=present)
    assert not second_facteur.verifier(personne=personne, code=present)


@pytest.mark.parametrize(("decalage", "accepte"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_une_horloge_peut_avancer_ou_retarder_d_une_demi_minute(
    personne: Utilisateur, decalage: int, accepte: bool
) -> None:
    cle, _ = activer(personne)
    instant = maintenant()
    with patch.object(second_facteur, "maintenant", return_value=instant):
        saisi = pyotp.TOTP(cle).at(instant, counter_offset=decalage)
        assert second_facteur.verifier(personne=personne, code=saisi) is accepte


def test_cinq_codes_faux_suspendent_le_compte_meme_pour_le_bon_code(personne: Utilisateur) -> None:
    cle, codes = activer(personne)
    for _ in range(second_facteur.ESSAIS):
        assert not second_facteur.verifier(personne=personne, code="ABCDEF")
    for bon in (code(cle), codes[0]):
        with pytest.raises(GesteImpossible, match="recommencez à partir du"):
            second_facteur.verifier(personne=personne, code=bon)
    Compteur.objects.update(expire_le=maintenant())
    assert second_facteur.verifier(personne=personne, code=code(cle))
    assert not Compteur.objects.exists()


def test_un_code_de_secours_sert_une_fois_comme_il_est_ecrit_ou_presque(personne: Utilisateur) -> None:
    _, codes = activer(personne)
    assert second_facteur.verifier(personne=personne, code=codes[0].lower())
    assert not second_facteur.verifier(personne=personne, code=codes[0])
    assert second_facteur.verifier(personne=personne, code=codes[1].replace("-", " "))
    assert CodeSecours.objects.count() == second_facteur.CODES_DE_SECOURS - 2


def test_la_base_ne_garde_que_l_empreinte_des_codes_de_secours(personne: Utilisateur) -> None:
    _, codes = activer(personne)
    gardees = str(list(CodeSecours.objects.values()))
    assert not [code for code in codes if code in gardees or code.replace("-", "") in gardees]


def test_des_codes_renouveles_remplacent_les_premiers(personne: Utilisateur) -> None:
    _, anciens = activer(personne)
    nouveaux = second_facteur.renouveler_les_codes(personne=personne)
    assert not second_facteur.verifier(personne=personne, code=anciens[0])
    assert second_facteur.verifier(personne=personne, code=nouveaux[0])


def test_le_code_qr_dit_le_compte_et_le_portail(personne: Utilisateur) -> None:
    adresse = second_facteur.adresse(personne, "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
    lu = pyotp.parse_uri(adresse)
    assert (lu.name, lu.issuer) == (personne.username, "Portail SEGUR Numérique")
    assert second_facteur.image(personne, "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP").startswith("data:image/svg+xml")


@pytest.mark.parametrize(("profil", "attendu"), [(Profil.DECIDEUR, True), (Profil.FOURNISSEUR, False)])
def test_le_reglage_exige_le_second_facteur_des_seuls_agents(settings, profil: Profil, attendu: bool) -> None:
    personne = usines.utilisateur(profil)
    assert not second_facteur.exige(personne)
    settings.SECOND_FACTEUR_AGENTS = True
    assert second_facteur.exige(personne) is attendu


def test_qui_administre_le_portail_retire_un_second_facteur_perdu(personne: Utilisateur) -> None:
    activer(personne)
    call_command("retirer_second_facteur", personne.username, stdout=io.StringIO())
    assert not SecondFacteur.objects.exists()
    fait = Evenement.objects.filter(objet=personne.objet).latest("rang")
    assert (fait.geste, fait.acteur) == ("RETIRER_SECOND_FACTEUR", None)
    assert recus(personne) == ["M51", "M51"]
    with pytest.raises(CommandError, match="Aucun compte"):
        call_command("retirer_second_facteur", personne.username)


@pytest.mark.parametrize(("demonstration", "attendu"), [("0", "True"), ("1", "False")])
def test_le_second_facteur_des_agents_est_exige_d_office_sauf_en_demonstration(
    demonstration: str, attendu: str
) -> None:
    milieu = os.environ | {"SEGURNUM_DEMO": demonstration}
    del milieu["SEGURNUM_SECOND_FACTEUR_AGENTS"]
    programme = "from segurnum.config import settings; print(settings.SECOND_FACTEUR_AGENTS)"
    lu = subprocess.run(
        [sys.executable, "-c", programme], env=milieu, capture_output=True, text=True, check=True
    )
    assert lu.stdout.strip() == attendu


def test_qui_retire_tous_les_facteurs_retire_aussi_les_cles_et_les_codes(personne: Utilisateur) -> None:
    activer(personne)
    CleAcces.objects.create(utilisateur=personne, nom="Téléphone", identifiant="abc", cle_publique=b"x")
    second_facteur.retirer(personne=personne, auteur=PORTAIL)
    assert not queries.a_un_second_facteur(personne)
    assert not CodeSecours.objects.exists()
