"""A report in sentences: what was checked, how it ended, which request an anomaly is about."""

from segurnum.controles.catalogue import catalogue
from segurnum.controles.problemes import nombre_fr
from segurnum.controles.rapport import Anomalie, Rapport
from segurnum.couloirs import par_dsr


def resume(rapport: Rapport) -> str:
    """« Médico-social (DUI), DSR-MS1-DUI-Va1, avance : 6 demandes, dont 5 en erreur ; 14 erreurs, … »."""
    objet = [par_dsr(rapport.dsr).libelle, rapport.dsr] if rapport.dsr else []
    if rapport.type:
        objet.append(rapport.type.libelle.lower())
    rejetees = len(rapport.demandes_rejetees())
    bilan = (
        f"{_compte(len(rapport.erreurs), 'erreur')}, {_compte(len(rapport.avertissements), 'avertissement')}."
    )
    if rapport.demandes:  # of a file that could not be read, nothing is known
        demandes = _compte(rapport.demandes, "demande")
        bilan = demandes + (f", dont {nombre_fr(rejetees)} en erreur" if rejetees else "") + f" ; {bilan}"
    return (f"{', '.join(objet)} : " if objet else "") + bilan


def _compte(nombre: int, nom: str) -> str:
    aucun = "aucun" if nom == "avertissement" else "aucune"
    return f"{nombre_fr(nombre) if nombre else aucun} {nom}{'s' if nombre > 1 else ''}"


def titre(anomalie: Anomalie) -> str:
    """« Demande de ligne n° 3 – n° éditeur … »."""
    if anomalie.demande is None:
        return "Fichier entier"
    if anomalie.numLigne is None and anomalie.numeroEditeur is None:
        return f"Demande n° {anomalie.demande + 1} du fichier"
    ligne = f"Demande de ligne n° {anomalie.numLigne}" if anomalie.numLigne is not None else "Demande"
    return f"{ligne} – n° éditeur {anomalie.numeroEditeur}" if anomalie.numeroEditeur is not None else ligne


COLONNES = (
    "Code", "Gravité", "Anomalie", "Message", "Chemin", "Ligne", "Colonne", "N° de ligne", "N° éditeur",
    "Ce qui passerait", "Sûr",
)  # fmt: skip


def tableau(rapport: Rapport) -> list[list[str]]:
    """The report as the lines of a spreadsheet, in the order of the file."""
    codes = catalogue()
    return [
        [
            anomalie.code,
            str(anomalie.severite),
            codes[anomalie.code].titre,
            anomalie.message,
            anomalie.chemin,
            *(
                "" if valeur is None else str(valeur)
                for valeur in (anomalie.ligne, anomalie.colonne, anomalie.numLigne, anomalie.numeroEditeur)
            ),
            *_proposee(anomalie),
        ]
        for anomalie in rapport.anomalies
    ]


def _proposee(anomalie: Anomalie) -> tuple[str, str]:
    if anomalie.proposition is None:
        return "", ""
    return anomalie.proposition.ecrite, "oui" if anomalie.proposition.sure else "à vérifier"
