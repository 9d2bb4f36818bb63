"""Installation scenarios: consistent with themselves, with the beneficiaries and with the referenced profiles."""

from __future__ import annotations

from segurnum.controles.constats import citer
from segurnum.controles.depot import Depot, chemin
from segurnum.controles.metier import Trouvailles, regle


@regle(
    code="3050",
    titre="Envoi à la fois direct et par PFI",
    explication="Un même envoi est fait directement par le logiciel ou passe par une PFI, pas les deux.",
    remede="Mettez l'un des deux champs à false.",
)
def direct_ou_pfi(depot: Depot) -> Trouvailles:
    """Pairs declared by the couloir."""
    for rang, demande in depot.demandes if depot.places.paires_exclusives else ():
        scenario = demande["scenarioInstallation"]
        for direct, pfi in depot.places.paires_exclusives:
            if scenario[direct] is True and scenario[pfi] is True:
                message = (
                    f"Les champs {direct} et {pfi} valent tous deux true : un seul des deux est attendu."
                )
                yield chemin(rang, "scenarioInstallation", pfi), message


@regle(
    code="3051",
    titre="Site sans scénario",
    explication="Chaque FINESS géographique de la demande a sa ligne dans scenarioInstallation.",
    remede="Ajoutez la ligne de scénario de ce site.",
)
def scenario_par_site(depot: Depot) -> Trouvailles:
    """Said at the scenario list, where the row is missing. Source: JSN-028."""
    for rang, sites, decrits, _ in depot.sites_et_scenarios:
        presents = set(decrits)
        for site in sites:
            if site not in presents:
                message = (
                    f"Le site {citer(site)} n'a pas de ligne de scénario : une ligne par site est attendue."
                )
                yield chemin(rang, "scenarioInstallation"), message


@regle(
    code="3052",
    titre="Scénario d'un site absent",
    explication="Une ligne de scénario porte un FINESS géographique qui n'est pas parmi les bénéficiaires.",
    remede="Corrigez le FINESS, ou ajoutez le site aux bénéficiaires.",
)
def scenario_d_un_site(depot: Depot) -> Trouvailles:
    """None other than the sites of the request."""
    for rang, sites, decrits, cles in depot.sites_et_scenarios:
        for ligne, site in enumerate(decrits):
            if site not in sites:
                message = (
                    f"Le site {citer(site)} n'est pas parmi les bénéficiaires de la demande : un de ses sites "
                    "est attendu."
                )
                yield chemin(rang, "scenarioInstallation", ligne, cles[ligne]), message


@regle(
    code="3053",
    titre="Deux scénarios pour un site",
    explication="Le même FINESS géographique a deux lignes dans scenarioInstallation.",
    remede="Ne gardez qu'une ligne par site.",
)
def un_scenario_par_site(depot: Depot) -> Trouvailles:
    """One row per site."""
    for rang, _, decrits, cles in depot.sites_et_scenarios:
        vus: set[str] = set()
        for ligne, site in enumerate(decrits):
            if site in vus:
                message = f"Le site {citer(site)} a déjà une ligne de scénario : une seule est attendue."
                yield chemin(rang, "scenarioInstallation", ligne, cles[ligne]), message
            vus.add(site)


@regle(
    code="3054",
    titre="Profil non référencé",
    exige=("profils",),
    si=lambda depot: depot.places.profil_scenario is not None,
    explication="Le scénario porte un profil pour lequel le logiciel n'a pas été référencé.",
    remede="Corrigez le profil, ou choisissez le numéro ANS du logiciel référencé pour ce profil.",
)
def profil_reference(depot: Depot) -> Trouvailles:
    """Source: REQ-056."""
    profils, cle = depot.contexte.profils, depot.places.profil_scenario
    if cle is None or profils is None:
        return
    for rang, demande in depot.demandes:
        for ligne, scenario in enumerate(demande["scenarioInstallation"]):
            profil = scenario[cle]
            if profil is not None and profil not in profils:
                connus = ", ".join(sorted(profils)) or "aucun"
                message = (
                    f"Le logiciel n'est pas référencé pour le profil {citer(profil)} ; profils référencés : "
                    f"{connus}."
                )
                yield chemin(rang, "scenarioInstallation", ligne, cle), message
