"""The receipts of what a request is made of: its deposit, its correction, the pieces added to it (REQ-070)."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from segurnum.courriels.services import Envoi, envoyer
from segurnum.courriels.textes import rediger
from segurnum.demandes.models import Demande, PieceJustificative, VersionDemande
from segurnum.editique.recepisses import Contenu, Element
from segurnum.journal.empreintes import empreinte_json
from segurnum.recepisses.models import Nature, Recepisse
from segurnum.recepisses.services import Reception, etablir, etablir_et_envoyer, lien_de
from segurnum.regles.argent import en_euros
from segurnum.regles.calendrier import instant_long


def accuser_reception(*, demandes: Sequence[Demande], recu_le: datetime, sujet: str = "") -> None:
    """To the address given at enrolment. `sujet`: what they came with; a request that came alone is its own."""
    if not demandes:
        return
    premiere = demandes[0]
    pieces = PieceJustificative.objects.filter(demande__in=demandes).select_related("fichier", "demande")
    recepisse = etablir(
        Reception(
            nature=Nature.DEPOT,
            entreprise=premiere.entreprise_id,
            sujet=sujet or premiere.objet,
            recu_le=recu_le,
            contenu=Contenu(
                faits=_couloir(premiere),
                retenus=(*map(_demande, demandes), *_pieces(pieces.order_by("demande", "pk"))),
            ),
        )
    )
    texte = rediger(
        "M65",
        recu_le=instant_long(recu_le),
        siret=premiere.entreprise.siret,
        couloir=premiere.couloir.libelle,
        type=premiere.type.libelle.lower(),
        nombre=len(demandes),
        demandes="\n".join(map(_ligne, demandes)),
        numero=recepisse.numero,
        lien=lien_de(recepisse),
    )
    destinataire = premiere.dossier.enrolement.courriel
    envoyer(
        [
            Envoi(
                code="M65",
                texte=texte,
                destinataire=destinataire,
                sujet=sujet or premiere.objet,
                recepisse=recepisse.pk,
            )
        ]
    )


def attester_correction(
    *, demande: Demande, ajoutees: Iterable[PieceJustificative], recu_le: datetime
) -> Recepisse:
    """What a supplier confirmed: its new version, by the digest of its data, and the pieces that came with it."""
    version: VersionDemande = demande.versions.get(rang=demande.version_courante)
    faits = [*_couloir(demande), ("Demande", demande.numero), ("Version", str(version.rang))]
    if demande.montant_declare is not None:
        faits.append(("Montant déclaré HT", en_euros(demande.montant_declare)))
    faits.append(("Empreinte SHA-256 des données", empreinte_des_donnees(version)))
    return etablir(_reception(Nature.CORRECTION, demande, Contenu(tuple(faits), _pieces(ajoutees)), recu_le))


def accuser_complement(
    *, demande: Demande, ajoutees: Iterable[PieceJustificative], recu_le: datetime
) -> None:
    """The pieces that an officer had asked for."""
    contenu = Contenu((*_couloir(demande), ("Demande", demande.numero)), _pieces(ajoutees))
    _envoyer(_reception(Nature.COMPLEMENT, demande, contenu, recu_le), demande)


def accuser_piece(*, piece: PieceJustificative, recu_le: datetime) -> None:
    """One that came alone, to a request that waits for others."""
    demande = piece.demande
    contenu = Contenu((*_couloir(demande), ("Demande", demande.numero)), _pieces([piece]))
    _envoyer(_reception(Nature.PIECE, demande, contenu, recu_le), demande)


def empreinte_des_donnees(version: VersionDemande) -> str:
    """SHA-256 of what a version declares, its keys in order: the same wherever it is computed."""
    return empreinte_json(version.donnees)


def _reception(nature: Nature, demande: Demande, contenu: Contenu, recu_le: datetime) -> Reception:
    return Reception(
        nature=nature,
        entreprise=demande.entreprise_id,
        sujet=demande.objet,
        recu_le=recu_le,
        contenu=contenu,
    )


def _envoyer(reception: Reception, demande: Demande) -> None:
    etablir_et_envoyer(reception, destinataire=demande.dossier.enrolement.courriel)


def _couloir(demande: Demande) -> tuple[tuple[str, str], ...]:
    return (("Couloir", f"{demande.couloir.libelle} – {demande.dsr}"), ("Type", demande.type.libelle))


def _demande(demande: Demande) -> Element:
    declare = demande.montant_declare
    return Element(
        f"Demande {demande.numero}", f"{en_euros(declare)} HT déclarés" if declare is not None else ""
    )


def _pieces(pieces: Iterable[PieceJustificative]) -> tuple[Element, ...]:
    return tuple(
        Element(piece.nom, _precision(piece), piece.fichier.empreinte)
        for piece in pieces
        if piece.fichier is not None
    )


def _precision(piece: PieceJustificative) -> str:
    libelle = piece.demande.couloir.depot.libelle_piece(piece.type) or piece.type
    return f"{libelle}, demande {piece.demande.numero}"


def _ligne(demande: Demande) -> str:
    declare = demande.montant_declare
    montant = f", {en_euros(declare)} HT" if declare is not None else ""
    return f"- {demande.numero}{montant}"
