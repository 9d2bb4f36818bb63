"""Who stands for a company, and the changes that it asks for: its persons, its bank account."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from segurnum.base.champs import ChampEnum
from segurnum.comptes.models import CoordonneesBancaires, Entreprise
from segurnum.coordonnees.personnes import Personne, RolePersonne, TypePiece
from segurnum.fichiers.models import Fichier
from segurnum.journal.preuves import Enfants, Preuve
from segurnum.regles.cycles_coordonnees import BANCAIRE, PERSONNES, Passage, StatutModification
from segurnum.regles.notifications import Page

# At most one change of each kind is under way per company.
PERSONNES_OUVERTES = (StatutModification.EN_PREPARATION, StatutModification.EN_COURS)
BANCAIRES_OUVERTES = (
    StatutModification.A_CONFIRMER,
    StatutModification.EN_COURS,
    StatutModification.A_CONTRESIGNER,
    StatutModification.ACCEPTEE,
)


class PersonnePhysique(models.Model):
    """A person that stands for the company. Without « dépositaire », the legal representative is the one who asks."""

    entreprise = models.ForeignKey(Entreprise, on_delete=models.CASCADE, related_name="personnes_physiques")
    role = models.CharField(max_length=12, choices=RolePersonne)
    nom = models.CharField(max_length=100)
    prenom = models.CharField(max_length=100)
    courriel = models.EmailField()
    telephone = models.CharField(max_length=20)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("entreprise", "role"), name="une_personne_par_role_et_entreprise"
            ),
        )

    def __str__(self) -> str:
        return f"{self.prenom} {self.nom} ({self.get_role_display()})"

    @property
    def personne(self) -> Personne:
        return Personne(self.nom, self.prenom, self.courriel, self.telephone)


class Modification(models.Model):
    """What the two kinds of changes share. Only `cycle` writes the status."""

    TABLE: ClassVar[tuple[Passage, ...]]
    GENRE: ClassVar[str]
    LIBELLE: ClassVar[str]
    PAGE: ClassVar[Page]

    entreprise = models.ForeignKey(Entreprise, on_delete=models.PROTECT, related_name="+")
    demandeur = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    depose_le = models.DateTimeField()
    statut = ChampEnum(StatutModification, max_length=14)
    statut_depuis = models.DateTimeField()
    instructeur = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    motif = models.TextField(blank=True)

    class Meta:
        abstract = True

    @property
    def objet(self) -> str:
        """What the journal and the mails call it."""
        return f"modification:{self.GENRE}:{self.pk}"

    @property
    def chaine(self) -> str:
        """The changes of a company make one chain of the journal."""
        return f"entreprise:{self.entreprise.siret}"


class ModificationPersonnes(Modification):
    """New persons. `donnees`: role -> what is asked for; `anciennes`: what it replaces, as it was when submitted."""

    PREUVE = Preuve(
        "modification:personnes",
        fixes="entreprise",
        suit="demandeur depose_le donnees anciennes motif statut_depuis instructeur",
        enfants=(
            Enfants("coordonnees.PieceModification", "modification", "nom type fichier__empreinte depose_le"),
        ),
        brouillon="t.statut = 'EN_PREPARATION'",
    )

    TABLE = PERSONNES
    PAGE = Page.PERSONNES
    GENRE = "personnes"
    LIBELLE = "Coordonnées personnes physiques"

    donnees = models.JSONField(default=dict)
    anciennes = models.JSONField(default=dict)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("entreprise",),
                condition=Q(statut__in=PERSONNES_OUVERTES),
                name="une_modification_de_personnes_ouverte",
            ),
        )
        indexes = (models.Index(fields=("statut", "id"), name="personnes_par_statut"),)

    def __str__(self) -> str:
        return f"{self.LIBELLE} de {self.entreprise_id} : {self.statut}"


class PieceModification(models.Model):
    """A piece that justifies a change of persons."""

    modification = models.ForeignKey(ModificationPersonnes, on_delete=models.CASCADE, related_name="pieces")
    nom = models.CharField(max_length=100)
    type = models.CharField(max_length=10, choices=TypePiece)
    fichier = models.ForeignKey(Fichier, on_delete=models.PROTECT, related_name="+", db_index=False)
    depose_le = models.DateTimeField()

    def __str__(self) -> str:
        return self.nom


class ModificationBancaire(Modification):
    """A new bank account (`compte`, waiting), its RIB, and the legal representative's confirmation.

    `contresignataire`: who confirmed what `instructeur` accepted, where two people are asked for.

    The token of the confirmation mail is only kept as its digest; it is emptied once used.
    """

    PREUVE = Preuve(
        "modification:banque",
        fixes="entreprise demandeur depose_le compte rib__empreinte nom_rib",
        suit="remplace motif confirme_le effet_le statut_depuis instructeur contresignataire",
    )

    TABLE = BANCAIRE
    PAGE = Page.COMPTES
    GENRE = "banque"
    LIBELLE = "Coordonnées bancaires"

    compte = models.OneToOneField(CoordonneesBancaires, on_delete=models.PROTECT, related_name="modification")
    remplace = models.ForeignKey(
        CoordonneesBancaires, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    rib = models.ForeignKey(Fichier, on_delete=models.PROTECT, related_name="+", db_index=False)
    nom_rib = models.CharField(max_length=100)
    empreinte_jeton = models.CharField(max_length=64, blank=True, help_text="SHA-256 du jeton envoyé")
    jeton_expire_le = models.DateTimeField(null=True)
    confirme_le = models.DateTimeField(null=True)
    contresignataire = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )
    effet_le = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("entreprise",),
                condition=Q(statut__in=BANCAIRES_OUVERTES),
                name="un_changement_bancaire_ouvert",
            ),
            models.CheckConstraint(
                condition=Q(contresignataire__isnull=True) | ~Q(contresignataire=models.F("instructeur")),
                name="deux_personnes_acceptent_un_compte",
            ),
            models.UniqueConstraint(
                fields=("empreinte_jeton",),
                condition=~Q(empreinte_jeton=""),
                name="un_jeton_bancaire_est_unique",
            ),
        )
        indexes = (models.Index(fields=("statut", "id"), name="bancaires_par_statut"),)

    def __str__(self) -> str:
        return f"{self.LIBELLE} de {self.entreprise_id} : {self.statut}"
