"""Correcting the lists of a file's request on screen: elements added, taken away, brought back (MOD-028)."""

import pytest

from segurnum.demandes.models import Demande
from segurnum.demandes.queries import donnees_courantes
from segurnum.depots import modifications
from segurnum.essais import usines
from segurnum.web.tests.a_modifier import saisie_actuelle
from segurnum.web.tests.depot import Fournisseur
from segurnum.web.tests.lecture import mots
from segurnum.web.tests.test_suite_d_une_correction import a_corriger

pytestmark = [pytest.mark.django_db, pytest.mark.exigence("MOD-028")]

CLIENTS = "beneficiaires[0].etablissementsClients"
SITES = f"{CLIENTS}[0].FINESSGeo"
SCENARIO = "scenarioInstallation"
NEUF = "990000077"


def page_de(fournisseur: Fournisseur, demande: Demande) -> dict[str, str]:
    """What the page sends back when nothing is changed on it."""
    form = fournisseur.lire("modifier", demande.numero).context["form"]
    listes = {liste.cle: liste.ecrits for liste in form.listes.values()}
    return listes | {nom: form[nom].value() or "" for nom in form.declares}


def avec_un_second_site(fournisseur: Fournisseur, demande: Demande) -> dict[str, str]:
    saisie = page_de(fournisseur, demande)
    fournisseur.faire("modifier", demande.numero, **saisie, geste=f"ajouter:{SCENARIO}")
    neuf = {f"{SCENARIO}[1].ancienneVersion": "V7", f"{SCENARIO}[1].FINESSGeo": NEUF}
    return page_de(fournisseur, demande) | neuf


def test_un_element_s_ajoute_se_remplit_et_se_confirme():
    fournisseur = Fournisseur()
    demande = a_corriger(fournisseur)
    usines.plafond(demande.dsr, NEUF, "1000")
    saisie = page_de(fournisseur, demande)
    avant = donnees_courantes(demande)
    for liste in (SITES, SCENARIO):
        fournisseur.faire("modifier", demande.numero, **saisie, geste=f"ajouter:{liste}")
        saisie = page_de(fournisseur, demande)
    sites = avant["beneficiaires"][0]["etablissementsClients"][0]["FINESSGeo"]
    modele = avant["scenarioInstallation"][0]
    rang = len(avant["scenarioInstallation"])
    saisie |= {f"{SITES}[{len(sites)}]": NEUF}
    for nom in modele:
        ancien = saisie[f"{SCENARIO}[0].{nom}"]
        saisie[f"{SCENARIO}[{rang}].{nom}"] = NEUF if nom == "FINESSGeo" else ancien
    reponse = fournisseur.faire("modifier", demande.numero, **saisie, geste="confirmer")
    assert reponse.status_code == 302, mots(reponse)
    apres = donnees_courantes(Demande.objects.get(pk=demande.pk))
    assert apres["beneficiaires"][0]["etablissementsClients"][0]["FINESSGeo"] == [*sites, NEUF]
    assert apres["scenarioInstallation"] == [*avant["scenarioInstallation"], modele | {"FINESSGeo": NEUF}]
    assert NEUF in {i for b in demande.beneficiaires.all() for i in b.identifiants}


def test_un_element_retire_du_milieu_laisse_aux_autres_ce_qui_y_est_saisi():
    fournisseur = Fournisseur()
    demande = a_corriger(fournisseur)
    saisie = avec_un_second_site(fournisseur, demande)
    fournisseur.faire("modifier", demande.numero, **saisie, geste=f"oter:{SCENARIO}[0]")
    saisie = page_de(fournisseur, demande)
    assert f"{SCENARIO}[0].ancienneVersion" not in saisie
    assert saisie[f"{SCENARIO}[1].ancienneVersion"] == "V7"
    (seul,) = modifications.corrections(demande, saisie).donnees[SCENARIO]
    assert (seul["ancienneVersion"], seul["FINESSGeo"]) == ("V7", NEUF)


def test_une_faute_d_un_element_deplace_se_dit_sous_son_champ():
    fournisseur = Fournisseur()
    demande = a_corriger(fournisseur)
    saisie = avec_un_second_site(fournisseur, demande)
    fournisseur.faire("modifier", demande.numero, **saisie, geste=f"oter:{SCENARIO}[0]")
    saisie = page_de(fournisseur, demande) | {f"{SCENARIO}[1].FINESSGeo": "990000999"}
    correction = modifications.corrections(demande, saisie)
    assert f"{SCENARIO}[1].FINESSGeo" in correction.fautes


def test_ce_qui_est_retire_se_retablit():
    fournisseur = Fournisseur()
    demande = a_corriger(fournisseur)
    saisie = page_de(fournisseur, demande)
    fournisseur.faire("modifier", demande.numero, **saisie, geste=f"oter:{SCENARIO}[0]")
    assert "Rétablir ce qui est retiré" in mots(fournisseur.lire("modifier", demande.numero))
    saisie = page_de(fournisseur, demande)
    fournisseur.faire("modifier", demande.numero, **saisie, geste=f"retablir:{SCENARIO}")
    assert page_de(fournisseur, demande) == saisie_actuelle(demande) | {
        cle: rangs for cle, rangs in page_de(fournisseur, demande).items() if cle.startswith("rangs:")
    }
    assert modifications.corrections(demande, page_de(fournisseur, demande)).donnees == donnees_courantes(
        demande
    )


def test_une_liste_garde_ce_que_son_minimum_demande():
    fournisseur = Fournisseur()
    demande = a_corriger(fournisseur)
    contenu = fournisseur.lire("modifier", demande.numero).content.decode()
    assert 'value="oter:beneficiaires[0]"' not in contenu
    assert f'value="ajouter:{CLIENTS}"' in contenu


def test_des_rangs_demesures_ne_construisent_rien():
    fournisseur = Fournisseur()
    demande = a_corriger(fournisseur)
    ecran = modifications.ecran_de(demande, {f"rangs:{SCENARIO}": "0 9999", "rangs:inconnue": "3"})
    assert len(ecran.champs) == len(modifications.champs_de(demande))
