"""What the administration publishes, and what people write to it."""

from django.conf import settings
from django.db import models

from segurnum import couloirs
from segurnum.comptes.models import Entreprise, Profil
from segurnum.fichiers.models import Fichier
from segurnum.regles import calendrier


class RubriqueFaq(models.Model):
    """One heading of the questions (PUB-016)."""

    titre = models.CharField("titre", max_length=120, unique=True)
    ordre = models.PositiveSmallIntegerField("rang dans le sommaire", default=100)

    class Meta:
        ordering = ("ordre", "pk")

    def __str__(self) -> str:
        return self.titre


class QuestionFaq(models.Model):
    rubrique = models.ForeignKey(
        RubriqueFaq, verbose_name="rubrique", on_delete=models.PROTECT, related_name="questions"
    )
    question = models.CharField("question", max_length=300)
    reponse = models.TextField("réponse")
    ordre = models.PositiveSmallIntegerField("rang dans la rubrique", default=100)

    class Meta:
        ordering = ("rubrique__ordre", "rubrique", "ordre", "pk")

    def __str__(self) -> str:
        return self.question


class Actualite(models.Model):
    """A piece of news, seen from `publiee_le` on by those whom it concerns (FRM-019, FRM-020)."""

    class Audience(models.TextChoices):
        TOUS = "TOUS", "Fournisseurs et opérateurs"
        FOURNISSEURS = "FOURNISSEURS", "Fournisseurs"
        OPERATEURS = "OPERATEURS", "Opérateurs"

    titre = models.CharField("titre", max_length=150)
    categorie = models.CharField("catégorie", max_length=60)
    contenu = models.TextField("contenu")
    publiee_le = models.DateTimeField("date de publication", default=calendrier.maintenant)
    audience = models.CharField("destinataires", max_length=12, choices=Audience, default=Audience.TOUS)
    fichier = models.ForeignKey(Fichier, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    nom_fichier = models.CharField(max_length=255, blank=True)

    class Meta:
        ordering = ("-publiee_le", "-pk")

    def __str__(self) -> str:
        return self.titre


# Which news each profile of a company reads.
AUDIENCES = {
    Profil.FOURNISSEUR: (Actualite.Audience.TOUS, Actualite.Audience.FOURNISSEURS),
    Profil.OPERATEUR: (Actualite.Audience.TOUS, Actualite.Audience.OPERATEURS),
}


class DocumentUtile(models.Model):
    """A document that anybody may download (PUB-044)."""

    titre = models.CharField("titre", max_length=150)
    description = models.CharField("description", max_length=300, blank=True)
    fichier = models.ForeignKey(Fichier, on_delete=models.PROTECT, related_name="+")
    nom_fichier = models.CharField(max_length=255)
    ordre = models.PositiveSmallIntegerField("rang dans la liste", default=100)

    class Meta:
        ordering = ("ordre", "titre", "pk")

    def __str__(self) -> str:
        return self.titre


AUCUN_COULOIR = "AUCUN"


def couloirs_concernes() -> list[tuple[str, str]]:
    """What the contact form offers under « Couloir » (PUB-034): what the declarations call them, all waves together."""
    return [*couloirs.rubriques().items(), (AUCUN_COULOIR, "Aucun couloir en particulier")]


class PhaseConcernee(models.TextChoices):
    REFERENCEMENT = "REFERENCEMENT", "Référencement"
    ENROLEMENT = "ENROLEMENT", "Enrôlement"
    AVANCE = "AVANCE", "Avance"
    SOLDE = "SOLDE", "Solde"
    RECOUVREMENT = "RECOUVREMENT", "Recouvrement"
    AUTRE = "AUTRE", "Autre"


class TypeTicket(models.TextChoices):
    ACCES = "ACCES", "Accès à mon compte"
    FICHIER = "FICHIER", "Fichier JSON ou pièces justificatives"
    SUIVI = "SUIVI", "Suivi d'une demande"
    MODIFICATION = "MODIFICATION", "Modification ou annulation d'une demande"
    PAIEMENT = "PAIEMENT", "Paiement"
    ANOMALIE = "ANOMALIE", "Dysfonctionnement du portail"
    REGLES = "REGLES", "Question sur les règles du financement"
    AUTRE = "AUTRE", "Autre demande"


class Ticket(models.Model):
    """A message of the contact form, followed until it is answered (PUB-033, GST-030)."""

    class Etat(models.TextChoices):
        OUVERT = "OUVERT", "Ouvert"
        EN_COURS = "EN_COURS", "En cours"
        CLOS = "CLOS", "Clos"

    etat = models.CharField(max_length=8, choices=Etat, default=Etat.OUVERT)
    recu_le = models.DateTimeField(default=calendrier.maintenant)
    couloir = models.CharField(max_length=6, choices=couloirs_concernes)
    phase = models.CharField(max_length=14, choices=PhaseConcernee)
    type = models.CharField(max_length=14, choices=TypeTicket)
    nom = models.CharField(max_length=100)
    raison_sociale = models.CharField(max_length=200, blank=True)
    courriel = models.EmailField()
    telephone = models.CharField(max_length=20)
    numero_referencement = models.CharField(max_length=50, blank=True)
    numero_demande = models.CharField(max_length=50)
    description = models.TextField()
    fichier = models.ForeignKey(Fichier, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    nom_fichier = models.CharField(max_length=255, blank=True)
    auteur = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    entreprise = models.ForeignKey(
        Entreprise,
        null=True,
        blank=True,
        db_index=False,  # `ticket_par_entreprise` is one
        on_delete=models.PROTECT,
        related_name="+",
        help_text="celle pour laquelle l'auteur écrivait",
    )

    du_service = models.BooleanField(
        default=False, db_default=False, help_text="écrit par un gestionnaire à l'entreprise, sur sa demande"
    )
    charge = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        help_text="qui le traite : les autres le lisent, et peuvent le reprendre",
    )

    class Meta:
        indexes = (
            models.Index(fields=("etat", "recu_le"), name="ticket_par_etat"),
            models.Index(fields=("entreprise", "recu_le"), name="ticket_par_entreprise"),
        )

    def __str__(self) -> str:
        return self.numero

    @property
    def numero(self) -> str:
        """« AST000042 », which the acknowledgement gives and which one quotes when writing again."""
        return f"AST{self.pk:06d}"

    @property
    def pris_par(self) -> str:
        """Who deals with it; empty while nobody does."""
        return self.charge.nom_complet if self.charge else ""


class ReponseTicket(models.Model):
    """What an officer answered. It left by mail as it is here, and is never changed."""

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="reponses")
    auteur = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    texte = models.TextField()
    envoyee_le = models.DateTimeField(default=calendrier.maintenant)

    class Meta:
        ordering = ("envoyee_le", "pk")

    def __str__(self) -> str:
        return f"Réponse du {self.envoyee_le:%d/%m/%Y} à {self.ticket}"


# What officers write for others to read.
Publication = Actualite | DocumentUtile | QuestionFaq | RubriqueFaq
