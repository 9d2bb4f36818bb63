"""Deposits that pass: the couloir's own filled example, told again for invented clients, with its pieces."""

import copy
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import count, islice
from typing import Any, cast

from segurnum import couloirs
from segurnum.comptes.models import Entreprise
from segurnum.controles import pieces_attendues
from segurnum.couloirs import Couloir, bloc_montant
from segurnum.couloirs.baremes import ParBeneficiaire
from segurnum.couloirs.nomenclature import nom_piece
from segurnum.couloirs.places import ListeBeneficiaires, suivre
from segurnum.couloirs.vierges import exemple, pieces_proposees
from segurnum.demandes.models import Beneficiaire, Demande
from segurnum.demonstration import documents, identites
from segurnum.enrolements.models import Enrolement
from segurnum.regles.calendrier import date_fr, jour_de_paris, maintenant
from segurnum.regles.cycles import TypeDemande

# Euros HT of the successive orders of a couloir: some above the ceilings, some below.
_MONTANTS = {
    "MS1": ("12480.00", "8950.50", "15300.00", "9999.99", "21075.30"),
    "HOP": ("184500.00", "96250.75", "240000.00"),
    "MDV": ("1074.99", "716.66", "1200.00"),
    "RAD": ("15600.00", "18240.40", "9870.10"),
}
_MONTANTS_PAR_DEFAUT = ("5000.00", "7250.50")


@dataclass(frozen=True)
class Source:
    """Who deposits, for which software, and on which day the orders are dated from."""

    enrolement: Enrolement
    couloir: Couloir
    jour: date

    @property
    def regime(self) -> str:
        return "TTC" if self.enrolement.taux_tva else "HT"


def source_de(entreprise: Entreprise, nom: str) -> Source:
    """What a company deposits with: its first validated enrolment of a couloir. Raises Enrolement.DoesNotExist."""
    couloir = couloirs.trouver(nom)
    enrolement = (
        Enrolement.objects.select_related("entreprise", "referencement")
        .filter(entreprise=entreprise, referencement__dsr=couloir.dsr, statut=Enrolement.Statut.VALIDEE)
        .earliest("sequence")
    )
    return Source(enrolement, couloir, jour_de_paris(maintenant()))


def identifiants_libres(couloir: Couloir) -> Iterator[str]:
    """Beneficiaries of the demonstration that no request bears yet, in order: a sample can be deposited again."""
    pris = {
        identifiant
        for lus in Beneficiaire.objects.filter(dsr=couloir.dsr).values_list("identifiants", flat=True)
        for identifiant in lus
    }
    type_identifiant = premiere_liste(couloir).identifiants[0][1]
    candidats = (identites.identifiant(couloir, type_identifiant, rang) for rang in count(1))
    return (candidat for candidat in candidats if candidat not in pris)


def fichier_d_avances(source: Source, nombre: int) -> dict[str, Any]:
    """The JSON of `nombre` new orders."""
    libres = identifiants_libres(source.couloir)
    return _fichier(source, TypeDemande.AVANCE, [_avance(source, rang, libres) for rang in range(nombre)])


def fichier_de_soldes(source: Source, avances: Sequence[Demande]) -> dict[str, Any]:
    """The JSON of the invoices of these decided avances, with the beneficiaries that they declared."""
    return _fichier(source, TypeDemande.SOLDE, [_solde(source, avance) for avance in avances])


def en_octets(fichier: dict[str, Any]) -> bytes:
    return json.dumps(fichier, ensure_ascii=False, indent=2, default=float).encode()


def pieces(source: Source, fichier: dict[str, Any]) -> list[tuple[str, bytes]]:
    """Every piece that the file announces."""
    return [
        (attendue.nom, documents.fabriquer(contenu(source, demande, rang, attendue.type), attendue.format))
        for rang, demande in enumerate(fichier["lignesImport"])
        for attendue in pieces_attendues(demande)
    ]


def premiere_liste(couloir: Couloir) -> ListeBeneficiaires:
    """Where the first beneficiaries of its requests stand."""
    return couloir.format(TypeDemande.AVANCE).places.listes[0]


def premier_beneficiaire(couloir: Couloir, demande: dict[str, Any]) -> dict[str, Any]:
    """What a request says of its first beneficiary, to be changed in place."""
    return _conteneur(demande, premiere_liste(couloir))[0]


def _fichier(source: Source, type_demande: TypeDemande, demandes: list[dict[str, Any]]) -> dict[str, Any]:
    fichier = exemple(source.couloir, type_demande)
    reference = source.enrolement.referencement
    fichier.update(
        numeroAns=reference.numero_ans, siret=source.enrolement.entreprise.siret, lignesImport=demandes
    )
    for rang, demande in enumerate(demandes):
        numero = f"{rang + 1:05d}"
        demande.update(numLigne=rang + 1, numeroEditeur=numero, versionLogiciel=reference.version)
        annoncees = pieces_proposees(source.couloir, type_demande, source.regime, numero)
        if rang % 3 == 1:
            annoncees.append(_annonce_image(source.couloir, numero, "JPG" if rang % 2 else "PNG"))
        demande["piecesJustificatives"] = annoncees
    return fichier


def _annonce_image(couloir: Couloir, numero: str, format_: str) -> dict[str, str]:
    nom = nom_piece(couloir.code, couloir.vague, "AUTRE", numero, format_)
    return {"nomFichier": nom, "formatFichier": format_, "typeFichier": "AUTRE"}


def _demande(source: Source, type_demande: TypeDemande) -> dict[str, Any]:
    demande: dict[str, Any] = exemple(source.couloir, type_demande, source.regime)["lignesImport"][0]
    return demande


def _avance(source: Source, rang: int, libres: Iterator[str]) -> dict[str, Any]:
    demande = _demande(source, TypeDemande.AVANCE)
    montants = _MONTANTS.get(source.couloir.couloir, _MONTANTS_PAR_DEFAUT)
    demande["commande"]["dateCommande"] = date_fr(source.jour - timedelta(days=20 + rang))
    demande["commande"]["montantSegurHT"] = Decimal(montants[rang % len(montants)])
    _equiper(source.couloir, demande, rang, libres)
    return demande


def _equiper(couloir: Couloir, demande: dict[str, Any], rang: int, libres: Iterator[str]) -> None:
    """Give the order its beneficiaries, and one row of scenario for each site where the couloir asks for it."""
    liste = premiere_liste(couloir)
    elements = _conteneur(demande, liste)
    nombre = 3 if isinstance(couloir.bareme, ParBeneficiaire) else 1
    modele = elements[0]
    elements[:] = [
        _beneficiaire(couloir, liste, modele, rang + decalage, libres) for decalage in range(nombre)
    ]
    if rang % 4 == 3:
        _mandater(couloir, demande, rang)
    sites_scenario = couloir.format(TypeDemande.AVANCE).places.sites_scenario
    if sites_scenario:
        sites = elements[0][liste.identifiants[0][0]]
        ligne = demande["scenarioInstallation"][0]
        demande["scenarioInstallation"] = [{**ligne, sites_scenario[0]: site} for site in sites]


def _mandater(couloir: Couloir, demande: dict[str, Any], rang: int) -> None:
    """Have the order carried by a mandataire, where the couloir knows them."""
    places = couloir.format(TypeDemande.AVANCE).places
    if places.cle_mandataire is None:
        return
    mandataire = identites.client(couloir, rang + 1)
    _, porteur = places.porteurs(demande)[0]
    valeurs: dict[str, Any] = cast(dict[str, Any], porteur)
    valeurs.update(
        {places.cle_mandataire: True},
        nomMandataire=mandataire.nom,
        emailMandataire=mandataire.courriel,
        telephoneMandataire=mandataire.telephone,
    )
    if places.cle_client_unique is not None:
        valeurs[places.cle_client_unique] = False


def _conteneur(demande: dict[str, Any], liste: ListeBeneficiaires) -> list[dict[str, Any]]:
    courant: Any = demande
    for pas in liste.chemin[:-1]:
        courant = courant[0] if pas == "*" else courant[pas]
    conteneur: list[dict[str, Any]] = courant
    return conteneur


def _beneficiaire(
    couloir: Couloir, liste: ListeBeneficiaires, modele: dict[str, Any], rang: int, libres: Iterator[str]
) -> dict[str, Any]:
    client, lu = identites.client(couloir, rang), copy.deepcopy(modele)
    cle = liste.identifiants[0][0]
    lu[cle] = list(islice(libres, 1 + rang % 2)) if isinstance(lu[cle], list) else next(libres)
    lu[liste.nom], lu[liste.courriel], lu[liste.telephone] = client.nom, client.courriel, client.telephone
    if liste.raison_sociale:
        lu[liste.raison_sociale] = client.raison_sociale
    if "FINESSJuridique" in lu:
        lu["FINESSJuridique"] = identites.finess_juridique(rang + 1)
    return lu


def _solde(source: Source, avance: Demande) -> dict[str, Any]:
    demande = _demande(source, TypeDemande.SOLDE)
    declare = avance.versions.get(rang=avance.version_courante).donnees
    demande["numeroASP"] = avance.dossier.numero
    demande["facture"].update(
        dateFacture=date_fr(source.jour),
        numeroFacture=f"F-{source.jour.year}-{avance.dossier.numero[-6:]}",
        montantSegurHTFacture=avance.montant_declare,
    )
    for nom in ("beneficiaires", "administrateursTechniques", "scenarioInstallation"):
        if nom in declare:
            demande[nom] = copy.deepcopy(declare[nom])
    return demande


def contenu(source: Source, demande: dict[str, Any], rang: int, type_piece: str) -> documents.Contenu:
    """What a piece of a request tells. `rang` is the request's in its file."""
    type_demande = TypeDemande.SOLDE if "facture" in demande else TypeDemande.AVANCE
    bloc = bloc_montant(type_demande)
    declare = demande[bloc.objet]
    reference, entreprise = source.enrolement.referencement, source.enrolement.entreprise
    return documents.Contenu(
        type=type_piece,
        numero=declare.get("numeroFacture") or f"BC-{source.couloir.couloir}-{demande['numeroEditeur']}",
        date=declare[bloc.date],
        fournisseur=f"{entreprise.denomination}, {entreprise.commune}",
        client=_nom_du_client(source.couloir, demande, rang),
        logiciel=f"{reference.logiciel} {reference.version}",
        montant_ht=Decimal(str(declare[bloc.montant])),
        taux_tva=source.enrolement.taux_tva,
    )


def _nom_du_client(couloir: Couloir, demande: dict[str, Any], rang: int) -> str:
    liste = premiere_liste(couloir)
    _, lu = next(suivre(demande, liste.chemin))
    return (
        str(lu[liste.raison_sociale])
        if liste.raison_sociale
        else identites.client(couloir, rang).raison_sociale
    )
