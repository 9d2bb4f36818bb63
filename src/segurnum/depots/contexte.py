"""What the portal knows that a file cannot say: the window, the enrolment, who is already financed, which avances."""

from collections.abc import Collection, Mapping
from datetime import datetime
from decimal import Decimal

from segurnum import couloirs
from segurnum.controles import AvanceConnue, Contexte, DejaDemande
from segurnum.couloirs.nomenclature import PV_PILOTE
from segurnum.demandes.models import STATUTS_ETEINTS, Demande
from segurnum.depots.severites import en_vigueur
from segurnum.enrolements.models import Enrolement
from segurnum.financements.models import Revendication
from segurnum.financements.queries import revendications_sur
from segurnum.referentiel import queries as referentiel
from segurnum.referentiel.grilles import chiffres
from segurnum.regles.calendrier import date_fr, jour_de_paris
from segurnum.regles.cycles import StatutDemande, TypeDemande
from segurnum.repertoires.queries import pour_les_controles


def contexte(
    *,
    enrolement: Enrolement,
    type_demande: TypeDemande,
    taux_tva: Decimal,
    instant: datetime,
    corrige_le: datetime | None = None,
    sauf: Demande | None = None,
) -> Contexte:
    """The same for the simulation and for the import, so that the one foretells the other.

    `sauf`: a request being corrected at `corrige_le`, which is not in its own way.
    """
    reference = enrolement.referencement
    fenetre = referentiel.fenetre(reference.dsr, type_demande, instant)
    avances = fenetre if type_demande is TypeDemande.AVANCE else None
    return Contexte(
        dsr=reference.dsr,
        type=type_demande,
        numero_ans=reference.numero_ans,
        siret=enrolement.entreprise.siret,
        taux_tva=taux_tva,
        instant=instant,
        corrige_le=corrige_le,
        fenetre=fenetre.en_regle() if fenetre else None,
        enrolement_valide=enrolement.ouvre_au_depot,
        profils=frozenset(reference.profils),
        pilotes=_pilotes(enrolement) if couloirs.par_dsr(reference.dsr).pilotes else None,
        beneficiaires_finances=lambda identifiants: _deja_demandes(enrolement, identifiants, sauf),
        repertoires=pour_les_controles(),
        avances=lambda numeros: _avances(enrolement, numeros, sauf),
        commandes_jusqu_au=jour_de_paris(avances.fermeture) if avances else None,
        reference_le=reference.date_effet,
        chiffres=lambda identifiants: chiffres(couloirs.par_dsr(reference.dsr), identifiants),
        severites=en_vigueur(instant),
    )


def _pilotes(enrolement: Enrolement) -> int:
    """How many soldes of pilot sites of this software have been validated."""
    soldes = Demande.objects.filter(
        dossier__enrolement__referencement=enrolement.referencement_id,
        type=TypeDemande.SOLDE,
        statut__in=(StatutDemande.VALIDEE, StatutDemande.DECIDEE),
        pieces__type=PV_PILOTE,
    )
    return soldes.distinct().count()


def _deja_demandes(
    enrolement: Enrolement, identifiants: Collection[str], sauf: Demande | None
) -> Mapping[str, DejaDemande]:
    """Beneficiaries that a living request claims for this DSR, whoever's: one statement for the whole file.

    The company's own, and what another holds once it is validated, refuse; what another only asks for does not.
    """
    lues = revendications_sur(
        sons=enrolement.referencement.dsr,
        valeurs=identifiants,
        sauf_dossier=sauf.dossier_id if sauf else None,
    )
    connus: dict[str, DejaDemande] = {}
    for revendication in lues:
        valeur = revendication.financement.valeur
        dit = _connu_par(revendication, enrolement)
        if dit and (valeur not in connus or connus[valeur].concurrent):
            connus[valeur] = dit
    return connus


def _connu_par(revendication: Revendication, enrolement: Enrolement) -> DejaDemande | None:
    """The company's own request in full; another's without a word that names it."""
    demande = revendication.demande
    if demande.entreprise_id != enrolement.entreprise_id:
        tenu = revendication.financement.dossier_id == demande.dossier_id
        perdu = revendication.ecartee and not tenu
        return None if perdu else DejaDemande("par un autre fournisseur", concurrent=not tenu)
    return DejaDemande(
        f"par votre demande {demande.numero} (n° éditeur {demande.numero_editeur}), déposée le "
        f"{date_fr(jour_de_paris(demande.depose_le))}, {demande.statut.libelle.lower()}"
    )


def _avances(
    enrolement: Enrolement, numeros: Collection[str], sauf: Demande | None
) -> Mapping[str, AvanceConnue]:
    """The avances of this company that the file's soldes refer to, by dossier number."""
    demandes = (
        Demande.objects.filter(dossier__numero__in=numeros, entreprise=enrolement.entreprise_id)
        .exclude(statut=StatutDemande.HISTORISEE)
        .select_related("dossier__enrolement__referencement")
        .prefetch_related("beneficiaires")
        .order_by("pk")
    )
    avances = {d.dossier.numero: d for d in demandes if d.type == TypeDemande.AVANCE}
    soldes = {
        d.dossier.numero: d.numero
        for d in demandes
        if d.type == TypeDemande.SOLDE and d.statut not in STATUTS_ETEINTS and d != sauf
    }
    return {
        numero: AvanceConnue(
            numero=numero,
            numero_ans=avance.dossier.enrolement.referencement.numero_ans,
            declare_ht=avance.montant_declare or Decimal(0),
            statut=avance.statut,
            beneficiaires=frozenset(i for b in avance.beneficiaires.all() for i in b.identifiants),
            solde_existant=soldes.get(numero),
        )
        for numero, avance in avances.items()
    }
