"""What the pages on installing quote is what is installed, and what the trial tries is what they quote."""

import re
from pathlib import Path

import pytest

from essai_deploiement.fichiers import DEPLOIEMENT, EssaiImpossible, adapter, lire, variables
from essai_deploiement.unites import Unite

RACINE = Path(__file__).resolve().parent.parent
PAGES = sorted((RACINE / "docs").rglob("*.md"))
BLOC = re.compile(r"^```\w* deploiement/(\S+)\n(.*?)^```", re.M | re.S)
FICHIERS = sorted(str(f.relative_to(DEPLOIEMENT)) for f in DEPLOIEMENT.rglob("*") if f.is_file())
UNITES = [nom for nom in FICHIERS if nom.endswith(".service")]


def _blocs() -> list[tuple[str, str, str]]:
    return [(page.name, *bloc) for page in PAGES for bloc in BLOC.findall(page.read_text("utf-8"))]


def test_chaque_extrait_cite_est_dans_le_fichier_a_installer() -> None:
    blocs = _blocs()
    assert len(blocs) > 10
    fausses = [f"{page} : {nom}" for page, nom, texte in blocs if texte.rstrip() not in lire(nom)]
    assert fausses == []


@pytest.mark.parametrize("nom", FICHIERS)
def test_chaque_fichier_a_installer_est_explique(nom: str) -> None:
    textes = "\n".join(page.read_text("utf-8") for page in PAGES)
    assert f"deploiement/{nom}" in textes


def test_un_fichier_dont_l_essai_ne_remplace_plus_rien_est_refuse() -> None:
    with pytest.raises(EssaiImpossible, match=r"haproxy\.cfg ne contient plus « bind :8443 »"):
        adapter("haproxy.cfg", {"bind :8443": "bind 127.0.0.1:1"})


def test_les_reglages_montres_se_lisent_comme_systemd_les_lit() -> None:
    dits = variables(lire("portail.env"))
    assert dits["SEGURNUM_SECRET"] == "SECRET"
    # systemd takes what follows a value, a comment included, for a part of it.
    assert [nom for nom, valeur in dits.items() if "#" in valeur or " " in valeur] == []


@pytest.mark.parametrize("nom", UNITES)
def test_ce_qui_doit_vivre_repart_toujours_et_s_arrete_sans_rien_couper(nom: str) -> None:
    unite = Unite.lire(lire(nom))
    assert unite.commande[0].startswith("/opt/segurnum/.venv/bin/")
    if "Type=oneshot" in lire(nom):
        assert unite.reprise is None
    else:
        assert "StartLimitIntervalSec=0" in lire(nom)
        assert unite.reprise is not None
        assert unite.reprise >= 1
        assert unite.arret > float(unite.commande[-1] if nom == "systemd/segurnum-web.service" else 60)


def test_le_mandataire_garde_des_fils_pour_les_sondes() -> None:
    web = Unite.lire(lire("systemd/segurnum-web.service")).commande
    fils = int(web[web.index("--workers") + 1]) * int(web[web.index("--threads") + 1])
    pages, envois = (
        int(lu) for lu in re.findall(r"default-server .*?maxconn (\d+)", lire("haproxy.cfg"))[:2]
    )
    assert pages + envois < fils
