"""Reference data that the administration keeps: what is referenced, until when one may deposit, up to how much."""

import re
from datetime import UTC, datetime

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from segurnum import couloirs
from segurnum.base.champs import ChampEnum
from segurnum.fichiers.models import Fichier
from segurnum.journal.preuves import Enfants, Preuve
from segurnum.regles import calendrier
from segurnum.regles.calendrier import EtatFenetre, Fenetre
from segurnum.regles.cycles import TypeDemande
from segurnum.regles.cycles_reglages import GenreReglage, StatutProjet

_VAGUE = re.compile(r"-Va?([0-9]{1,2})\Z", re.IGNORECASE)


class Referencement(models.Model):
    """One ANS number: a version of a software referenced for a DSR (GST-009).

    `valide`: its referencing is validated at ANS; until then an enrolment is anticipated.
    """

    PREUVE = Preuve(
        "referencement",
        fixes="numero_ans",
        suit="logiciel version dsr profils date_effet valide nature profil_operateur",
    )

    class Nature(models.TextChoices):
        EDITEUR = "EDITEUR", "Éditeur"
        DISTRIBUTEUR = "DISTRIBUTEUR", "Distributeur"

    class ProfilOperateur(models.TextChoices):
        DEVELOPPEUR = "DEVELOPPEUR", "Opérateur développeur"
        ACHETEUR = "ACHETEUR", "Opérateur acheteur"

    numero_ans = models.CharField(max_length=10, unique=True)
    logiciel = models.CharField(max_length=100)
    version = models.CharField(max_length=50)
    dsr = models.CharField(max_length=30, db_index=True)
    profils = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    date_effet = models.DateField(null=True, blank=True)
    valide = models.BooleanField(default=True)
    nature = models.CharField(max_length=12, choices=Nature, default=Nature.EDITEUR)
    profil_operateur = models.CharField(max_length=11, choices=ProfilOperateur, blank=True, default="")

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=~Q(numero_ans="") & ~Q(logiciel="") & ~Q(dsr=""), name="referencement_nomme"
            ),
        )

    def __str__(self) -> str:
        return f"{self.numero_ans} ({self.designation})"

    @property
    def designation(self) -> str:
        """The software and its version."""
        return f"{self.logiciel} {self.version}"

    @property
    def chaine(self) -> str:
        """The journal's sequence of this number."""
        return f"referencement:{self.numero_ans}"

    @property
    def couloir(self) -> couloirs.Couloir | None:
        """The couloir of this DSR; None for a DSR that the portal does not process yet."""
        try:
            return couloirs.par_dsr(self.dsr)
        except couloirs.CouloirInconnu:
            return None

    @property
    def vague(self) -> int:
        """The wave that the DSR ends with (« DSR-MDV-LGC-Va2 » : 2); 1 where it says none (RUL-016)."""
        trouvee = _VAGUE.search(self.dsr)
        return int(trouvee[1]) if trouvee else 1

    @property
    def est_dpi(self) -> bool:
        """True for the hospital's patient record, whose enrolment speaks of health data hosting (ENR-025)."""
        return self.couloir is not None and self.couloir.heberge_donnees

    @property
    def libelle_dsr(self) -> str:
        """« DSR concerné » as the screens say it (ENR-020)."""
        return self.couloir.libelle_vague if self.couloir else self.dsr


class ImportReferencements(models.Model):
    """A file of ANS numbers that an officer has shown to the portal; `applique_le` once it is taken in, whole."""

    nom = models.CharField(max_length=150)
    fichier = models.ForeignKey(Fichier, on_delete=models.PROTECT, related_name="+")
    auteur = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    depose_le = models.DateTimeField(default=calendrier.maintenant)
    applique_le = models.DateTimeField(null=True, blank=True)
    crees = models.PositiveIntegerField(default=0)
    modifies = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return self.nom


# A row that nobody dated was always there.
TOUJOURS = datetime(2000, 1, 1, tzinfo=UTC)


class Projet(models.Model):
    """What somebody proposes of the calendar, of the scales or of the ceilings; another person puts it in force.

    `lignes` are those of a file of this kind, cell by cell. `vues`: the windows as they were when it was written.
    """

    PREUVE = Preuve(
        "projet",
        fixes="genre auteur cree_le",
        suit="dsr lignes vues fichier statut statut_depuis approbateur commentaire",
        enfants=(
            Enfants("referentiel.Plafond", "projet", "dsr identifiant montant_ht date_effet source"),
            Enfants("referentiel.Bareme", "projet", "dsr date_effet valeurs source"),
        ),
    )

    genre = ChampEnum(GenreReglage, max_length=8)
    dsr = ArrayField(models.CharField(max_length=30))
    lignes = models.JSONField()
    vues = models.JSONField(default=dict, blank=True)
    fichier = models.CharField(max_length=150, blank=True, help_text="nom du fichier dont il vient")
    statut = ChampEnum(StatutProjet, max_length=11)
    statut_depuis = models.DateTimeField()
    auteur = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    cree_le = models.DateTimeField()
    approbateur = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )
    commentaire = models.TextField(blank=True, help_text="ce qui justifie un refus")

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(approbateur__isnull=True) | ~Q(approbateur=F("auteur")),
                name="projet_approuve_par_une_autre_personne",
            ),
            models.CheckConstraint(
                condition=Q(statut__in=["APPROUVE", "REFUSE"], approbateur__isnull=False)
                | (~Q(statut__in=["APPROUVE", "REFUSE"]) & Q(approbateur__isnull=True)),
                name="projet_juge_par_quelqu_un",
            ),
        )
        indexes = (models.Index(fields=("genre", "-cree_le"), name="projet_par_genre"),)

    def __str__(self) -> str:
        return f"{self.genre.libelle} : {', '.join(self.dsr)}"

    @property
    def objet(self) -> str:
        return f"projet:{self.pk}"

    @property
    def chaine(self) -> str:
        """Each proposal is alone in its sequence of the journal."""
        return self.objet


def _du_projet() -> "models.ForeignKey[Projet | None, Projet | None]":
    return models.ForeignKey(
        Projet, null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )


class FenetreDepot(models.Model):
    """When one may deposit, for a DSR and a type of request. The screens show the row that judges.

    A row judges from `depuis` on, until a later one of the same DSR and type does: none is rewritten.

    `affichee` is the deadline that is announced, `fermeture` the first instant at which a deposit is late, and
    `derniere_modification` the end of corrections (none: as long as the request is instructed). `reportee`, where it
    is said, is the closing that judges: an outage, from `panne_du` to `panne_au`, or an officer has put it off.
    """

    PREUVE = Preuve(
        "fenetre",
        fixes="dsr type ouverture affichee fermeture derniere_modification comptage source depuis projet",
        suit="reportee panne_du panne_au",
    )

    dsr = models.CharField(max_length=30)
    type = ChampEnum(TypeDemande, max_length=6)
    ouverture = models.DateTimeField()
    affichee = models.DateTimeField()
    fermeture = models.DateTimeField()
    derniere_modification = models.DateTimeField(null=True, blank=True)
    comptage = models.DateTimeField(
        null=True,
        blank=True,
        help_text="date de clôture du financement, à laquelle se comptent les BAL ; vide : la fermeture",
    )
    source = models.CharField(max_length=200, blank=True)
    reportee = models.DateTimeField(null=True, blank=True)
    panne_du = models.DateTimeField(null=True, blank=True)
    panne_au = models.DateTimeField(null=True, blank=True)
    depuis = models.DateTimeField(default=TOUJOURS, db_default=TOUJOURS)
    projet = _du_projet()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(ouverture__lt=F("affichee")) & Q(affichee__lte=F("fermeture")),
                name="fenetre_dans_l_ordre",
            ),
            models.CheckConstraint(condition=~Q(dsr=""), name="fenetre_d_un_dsr"),
        )

    def __str__(self) -> str:
        return f"{self.dsr} {self.type}"

    @property
    def chaine(self) -> str:
        """The journal's sequence of this window, and of those that it follows."""
        return f"fenetre:{self.dsr}:{self.type}"

    @property
    def compte_le(self) -> datetime:
        """The closing date at which a directory is counted (MSS-009)."""
        return self.comptage or self.fermeture

    @property
    def jugeait_toujours(self) -> bool:
        return self.depuis == TOUJOURS

    @property
    def fin(self) -> datetime:
        """The first instant at which a deposit is late."""
        return self.reportee or self.fermeture

    @property
    def outre_mer(self) -> tuple[tuple[str, str], ...]:
        """The deadline that is announced, on the clocks of each territory."""
        return calendrier.heures_outre_mer(self.reportee or self.affichee)

    @property
    def fin_des_corrections(self) -> datetime | None:
        """Never before a closing that was put off: what comes at the last instant may be corrected."""
        if self.derniere_modification is None or self.reportee is None:
            return self.derniere_modification
        return max(self.derniere_modification, self.reportee)

    @property
    def report(self) -> str:
        """Until when the closing is put off and why, as every screen says it; empty where it is not."""
        if self.reportee is None:
            return ""
        panne = (self.panne_du, self.panne_au) if self.panne_du and self.panne_au else None
        return calendrier.report_long(self.reportee, panne)

    @property
    def libelle_couloir(self) -> str:
        """The couloir's name; the DSR of one that the portal does not process yet."""
        try:
            return couloirs.par_dsr(self.dsr).libelle
        except couloirs.CouloirInconnu:
            return self.dsr

    @property
    def etat(self) -> EtatFenetre:
        """What it is now, judged by the row that judges the deposits."""
        return self.en_regle().etat(calendrier.maintenant())

    def en_regle(self) -> Fenetre:
        return Fenetre(
            ouverture=self.ouverture,
            fermeture=self.fin,
            affichee=self.affichee,
            derniere_modification=self.fin_des_corrections,
        )


class Plafond(models.Model):
    """The ceiling of one eligible beneficiary for a DSR (euros HT), from a date of effect on."""

    dsr = models.CharField(max_length=30)
    identifiant = models.CharField(max_length=14)
    montant_ht = models.DecimalField(max_digits=12, decimal_places=2)
    date_effet = models.DateField()
    source = models.CharField(max_length=200)
    projet = _du_projet()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("dsr", "identifiant", "date_effet"), name="un_plafond_par_date"),
            models.CheckConstraint(condition=Q(montant_ht__gt=0), name="plafond_positif"),
            models.CheckConstraint(
                condition=~Q(dsr="") & ~Q(identifiant="") & ~Q(source=""), name="plafond_d_une_source"
            ),
        )

    def __str__(self) -> str:
        return f"{self.dsr} {self.identifiant}"


class Bareme(models.Model):
    """The figures of a DSR's computation (euros HT), from a date of effect on. The kind is in the couloir."""

    dsr = models.CharField(max_length=30)
    date_effet = models.DateField()
    valeurs = models.JSONField()
    source = models.CharField(max_length=200)
    projet = _du_projet()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("dsr", "date_effet"), name="un_bareme_par_date"),)

    def __str__(self) -> str:
        return f"{self.dsr} au {self.date_effet}"
