"""The receipts of the files that a company sends: requests to import, pieces in a ZIP."""

from collections.abc import Collection, Mapping

from segurnum.controles import Rapport, RapportPieces
from segurnum.controles.pieces import ABSENTE
from segurnum.controles.problemes import en_nombre
from segurnum.controles.rapport import resultat_demande
from segurnum.depots.models import Archive, Depot
from segurnum.editique.recepisses import Contenu, Element
from segurnum.recepisses.models import Nature
from segurnum.recepisses.services import Reception, etablir_et_envoyer
from segurnum.regles.argent import en_euros

REJETS_MAX = 500  # that a receipt tells one by one: the report of the check has them all


def attester_l_import(depot: Depot, rapport: Rapport, numeros: Mapping[int, str]) -> None:
    """`numeros`: those that the retained requests got, by their rank in the file."""
    couloir, lignes = depot.couloir, rapport.demandes_normalisees
    contenu = Contenu(
        faits=(
            ("Import", str(depot.pk)),
            ("Couloir", f"{couloir.libelle} – {couloir.dsr}"),
            ("Type", depot.type.libelle),
            ("Fichier", depot.nom_fichier),
            ("Empreinte SHA-256 du fichier", depot.entree.empreinte),
            ("Empreinte SHA-256 du fichier de sortie", depot.sortie.empreinte),
        ),
        retenus=tuple(
            Element(
                f"Demande {numero}",
                f"n° éditeur {lignes[rang]['numeroEditeur']}, "
                f"{en_euros(couloir.montant_declare(lignes[rang], depot.type))} HT déclarés",
            )
            for rang, numero in numeros.items()
        ),
        rejetes=tuple(
            Element(
                f"Ligne {rang + 1}, n° éditeur {lignes[rang].get('numeroEditeur') or 'absent'}",
                "{} : {}".format(*resultat_demande(rapport, rang)),
            )
            for rang in range(rapport.demandes)
            if rang not in numeros
        ),
    )
    reception = Reception(
        nature=Nature.IMPORT,
        entreprise=depot.entreprise_id,
        sujet=depot.sujet,
        recu_le=depot.depose_le,
        contenu=contenu,
    )
    etablir_et_envoyer(reception, destinataire=depot.enrolement.courriel)


def attester_les_pieces(archive: Archive, rapport: RapportPieces, en_suspens: Collection[str]) -> None:
    """What became of each file of a ZIP. `en_suspens`: those whose request its sender still has to say."""
    lues = [ligne for ligne in rapport.lignes if ligne.code != ABSENTE.code]
    retenues = [ligne for ligne in lues if ligne.ok and (ligne.piece or ligne.nom in en_suspens)]
    rejetees = [ligne for ligne in lues if ligne not in retenues]
    rejets = [Element(ligne.nom, ligne.statut, ligne.sha256 or "") for ligne in rejetees[:REJETS_MAX]]
    if not lues:
        rejets = [Element(archive.nom_fichier, anomalie.message) for anomalie in rapport.anomalies[:1]]
    if (autres := len(rejetees) - REJETS_MAX) > 0:
        rejets.append(Element(f"Et {en_nombre(autres, 'autre')}", "Le rapport du contrôle les dit tous."))
    contenu = Contenu(
        faits=(
            *((("Import", str(archive.depot_id)),) if archive.depot_id else ()),
            ("Fichier", archive.nom_fichier),
            ("Taille", f"{archive.fichier.taille} octets"),
            ("Empreinte SHA-256 du fichier", archive.fichier.empreinte),
        ),
        retenus=tuple(
            Element(
                ligne.nom,
                f"n° éditeur {ligne.piece.numero_editeur}" if ligne.piece else ligne.statut,
                ligne.sha256 or "",
            )
            for ligne in retenues
        ),
        rejetes=tuple(rejets),
    )
    reception = Reception(
        nature=Nature.PIECES,
        entreprise=archive.entreprise_id,
        sujet=archive.depot.sujet if archive.depot else f"archive:{archive.pk}",
        recu_le=archive.recue_le,
        contenu=contenu,
    )
    destinataire = archive.depot.enrolement.courriel if archive.depot else archive.auteur.email
    etablir_et_envoyer(reception, destinataire=destinataire)
