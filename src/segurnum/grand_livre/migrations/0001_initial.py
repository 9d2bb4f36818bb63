"""The ledger is append-only in the database itself, so that no program error and no console can rewrite it."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

CREER = """
CREATE FUNCTION grand_livre_refuser() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'Le grand livre ne se modifie pas et ne s''efface pas.';
END $$;

CREATE TRIGGER grand_livre_sans_retouche BEFORE UPDATE OR DELETE ON grand_livre_ecriture
    FOR EACH ROW EXECUTE FUNCTION grand_livre_refuser();
CREATE TRIGGER grand_livre_sans_vidage BEFORE TRUNCATE ON grand_livre_ecriture
    FOR EACH STATEMENT EXECUTE FUNCTION grand_livre_refuser();
"""

DEFAIRE = """
DROP TRIGGER grand_livre_sans_vidage ON grand_livre_ecriture;
DROP TRIGGER grand_livre_sans_retouche ON grand_livre_ecriture;
DROP FUNCTION grand_livre_refuser();
"""


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("demandes", "0001_initial"),
        ("paiements", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Ecriture",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("instant", models.DateTimeField()),
                (
                    "operation",
                    models.CharField(
                        choices=[
                            ("CREDIT", "Crédits ouverts"),
                            ("REDUCTION", "Crédits réduits"),
                            ("ENGAGEMENT", "Décision"),
                            ("MISE_EN_PAIEMENT", "Mise en paiement"),
                            ("PAIEMENT", "Virement constaté"),
                            ("REJET", "Rejet de la banque"),
                            ("REJET_SANS_REMISE", "Rejet avant la remise à la banque"),
                            ("RETOUR_TARDIF", "Retour tardif de la banque"),
                            ("REEMISSION", "Réémission"),
                            ("ANNULATION", "Annulation"),
                            ("ANNULATION_DE_REJETE", "Annulation d'un paiement rejeté"),
                            ("ORDRE", "Ordre de recouvrement"),
                            ("ORDRE_ANNULE", "Annulation d'un ordre de recouvrement"),
                            ("REMBOURSEMENT", "Remboursement reçu"),
                            ("COMPENSATION_VERSEE", "Compensation : retenue sur un paiement"),
                            ("COMPENSATION_RECUE", "Compensation : ordre remboursé"),
                            ("COMPENSATION_RETIREE", "Compensation retirée : l'ordre est dû"),
                            ("COMPENSATION_RENDUE", "Compensation reportée sur la réémission"),
                            ("ORDRE_SUR_COMPENSE", "Ordre de recouvrement de ce qui a été compensé"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "debit",
                    models.CharField(
                        choices=[
                            ("100", "Dotations reçues"),
                            ("200", "Crédits disponibles"),
                            ("300", "Engagé : décidé, à mettre en paiement"),
                            ("400", "Remis à la banque"),
                            ("450", "Rejeté par la banque, à réémettre"),
                            ("500", "Versé aux fournisseurs"),
                            ("550", "Versé par compensation"),
                            ("600", "À recouvrer"),
                        ],
                        max_length=3,
                    ),
                ),
                (
                    "credit",
                    models.CharField(
                        choices=[
                            ("100", "Dotations reçues"),
                            ("200", "Crédits disponibles"),
                            ("300", "Engagé : décidé, à mettre en paiement"),
                            ("400", "Remis à la banque"),
                            ("450", "Rejeté par la banque, à réémettre"),
                            ("500", "Versé aux fournisseurs"),
                            ("550", "Versé par compensation"),
                            ("600", "À recouvrer"),
                        ],
                        max_length=3,
                    ),
                ),
                ("montant", models.DecimalField(decimal_places=2, help_text="euros", max_digits=14)),
                ("role", models.CharField(max_length=20)),
                (
                    "reference",
                    models.CharField(
                        blank=True, help_text="le numéro de ce qui la justifie, s'il en a un", max_length=60
                    ),
                ),
                (
                    "acteur",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "demande",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="ecritures",
                        to="demandes.demande",
                    ),
                ),
                (
                    "dossier",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="ecritures",
                        to="demandes.dossier",
                    ),
                ),
                (
                    "enveloppe",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="ecritures",
                        to="paiements.enveloppe",
                    ),
                ),
                (
                    "versement",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="ecritures",
                        to="paiements.versement",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["instant", "id"], name="ecriture_par_instant"),
                    models.Index(fields=["enveloppe", "instant", "id"], name="ecriture_par_enveloppe"),
                    models.Index(
                        condition=models.Q(("dossier__isnull", False)),
                        fields=["dossier", "id"],
                        name="ecriture_par_dossier",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("montant__gt", 0)), name="ecriture_positive"),
                    models.CheckConstraint(
                        condition=models.Q(("debit", models.F("credit")), _negated=True),
                        name="ecriture_entre_deux_comptes",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("demande__isnull", True),
                                ("dossier__isnull", True),
                                ("versement__isnull", True),
                            ),
                            models.Q(("demande__isnull", False), ("dossier__isnull", False)),
                            _connector="OR",
                        ),
                        name="ecriture_dans_son_dossier",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(
                            (
                                "operation__in",
                                [
                                    "MISE_EN_PAIEMENT",
                                    "PAIEMENT",
                                    "REJET",
                                    "REJET_SANS_REMISE",
                                    "RETOUR_TARDIF",
                                    "REEMISSION",
                                ],
                            ),
                            ("versement__isnull", False),
                        ),
                        fields=("versement", "operation"),
                        name="ecriture_une_fois_par_versement",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("operation", "ENGAGEMENT")),
                        fields=("demande",),
                        name="ecriture_un_engagement_par_demande",
                    ),
                ],
            },
        ),
        migrations.RunSQL(CREER, DEFAIRE),
    ]
