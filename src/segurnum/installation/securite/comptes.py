"""Who may come in."""

from django.conf import settings

from segurnum.comptes.queries import administrateurs, comptes_de_demonstration
from segurnum.installation.jugement import Constat, Controle, a_corriger, conforme, selon
from segurnum.installation.queries import est_une_demonstration

ADMINISTRATEURS_MINIMUM = 2


def demonstration() -> Constat:
    fautes = (
        ["La base dit d'elle-même qu'elle est celle d'une démonstration."] if est_une_demonstration() else []
    )
    if trouves := comptes_de_demonstration():
        fautes.append(f"Des comptes de démonstration y sont : {', '.join(trouves)}.")
    return selon(
        fautes,
        "Aucun compte de démonstration n'est dans la base.",
        "Installez sur une base vide : les données d'une démonstration sont inventées, comme ses paiements.",
    )


def second_facteur() -> Constat:
    if not settings.SECOND_FACTEUR_AGENTS:
        return a_corriger(
            "Les agents entrent par leur seul mot de passe.",
            "Donnez à SEGURNUM_SECOND_FACTEUR_AGENTS la valeur 1.",
        )
    return conforme("Un second facteur est exigé de chaque agent.")


def nombre_d_administrateurs() -> Constat:
    nombre = len(administrateurs())
    if nombre < ADMINISTRATEURS_MINIMUM:
        return a_corriger(
            "Un seul administrateur a choisi son mot de passe : s'il s'absente, personne n'ouvre les comptes."
            if nombre
            else "Aucun administrateur n'a choisi son mot de passe : personne n'ouvre les comptes.",
            "Il en faut deux : page « Agents », ou « segurnum agent inviter --profil ADMINISTRATION ».",
        )
    return conforme(f"{nombre} administrateurs ont choisi leur mot de passe.")


EN_BASE = (
    Controle("comptes-demonstration", "Comptes de démonstration", demonstration),
    Controle("administrateurs", "Administrateurs", nombre_d_administrateurs),
)
CONTROLES = (*EN_BASE, Controle("second-facteur", "Second facteur des agents", second_facteur))
