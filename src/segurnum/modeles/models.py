"""The model documents that a company submits before the requests of a wave (EXP-008)."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from segurnum.base.champs import ChampEnum
from segurnum.comptes.models import Entreprise
from segurnum.controles.fichiers import MODELE
from segurnum.couloirs.documents import TypeModele
from segurnum.fichiers.models import Fichier
from segurnum.journal.preuves import Preuve
from segurnum.regles.cycles_modeles import StatutModele


class ModeleDocument(models.Model):
    """One document. Nobody's business but the company's until its import is validated (`soumis_le`)."""

    PREUVE = Preuve(
        "modele",
        fixes="entreprise deposant type nom fichier__empreinte depose_le",
        suit="soumis_le instructeur commentaire statut_depuis",
    )

    entreprise = models.ForeignKey(Entreprise, on_delete=models.PROTECT, related_name="modeles")
    deposant = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    type = models.CharField(max_length=40, help_text="« MODELE_BDC_HOP »")
    nom = models.CharField(max_length=MODELE.nom_max)
    fichier = models.ForeignKey(Fichier, on_delete=models.PROTECT, related_name="+")
    depose_le = models.DateTimeField()
    soumis_le = models.DateTimeField(null=True, blank=True)
    statut = ChampEnum(StatutModele, max_length=10)
    statut_depuis = models.DateTimeField()
    instructeur = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )
    commentaire = models.TextField(blank=True, help_text="ce qui justifie la réponse du gestionnaire")

    class Meta:
        constraints = (
            models.UniqueConstraint(
                F("entreprise"),
                Lower("nom"),
                condition=Q(statut=StatutModele.EN_IMPORT.value),
                name="modele_en_import_nomme_une_fois",
            ),
            models.CheckConstraint(
                condition=Q(statut=StatutModele.EN_IMPORT.value, soumis_le__isnull=True)
                | (~Q(statut=StatutModele.EN_IMPORT.value) & Q(soumis_le__isnull=False)),
                name="modele_soumis_des_qu_il_quitte_l_import",
            ),
            models.CheckConstraint(
                condition=~Q(statut=StatutModele.REJETE.value) | ~Q(commentaire=""),
                name="modele_rejete_avec_un_commentaire",
            ),
        )
        indexes = (
            # The company's history, newest first, and the officers' queue, oldest first.
            models.Index(fields=("entreprise", "-soumis_le", "-id"), name="modele_par_entreprise"),
            models.Index(fields=("statut", "soumis_le", "id"), name="modele_file"),
        )

    def __str__(self) -> str:
        return self.nom

    @property
    def libelle_type(self) -> str:
        """« Modèle de VA couloir Hôpital »."""
        return TypeModele.lire(self.type).libelle

    @property
    def objet(self) -> str:
        """What the journal and the mails call it."""
        return f"modele:{self.pk}"

    @property
    def chaine(self) -> str:
        """Each document is alone in its sequence of the journal."""
        return self.objet
