"""Movements of credits, and how many requests are in each status, which the database keeps itself."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# The table is held while what is there is counted: nothing is counted twice, nor forgotten. A change that moves nobody
# from a count to another, nor any amount, writes nothing.
COMPTER = """
LOCK TABLE demandes_demande IN SHARE ROW EXCLUSIVE MODE;

CREATE FUNCTION grand_livre_compter() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO grand_livre_compteur (dsr, statut, nombre, somme, negatives)
    SELECT dsr, statut, count(*), coalesce(sum(greatest(montant_decide, 0)), 0),
        count(*) FILTER (WHERE montant_decide <= 0)
    FROM apres GROUP BY dsr, statut;
    RETURN NULL;
END $$;

CREATE FUNCTION grand_livre_decompter() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO grand_livre_compteur (dsr, statut, nombre, somme, negatives)
    SELECT dsr, statut, -count(*), -coalesce(sum(greatest(montant_decide, 0)), 0),
        -count(*) FILTER (WHERE montant_decide <= 0)
    FROM avant GROUP BY dsr, statut;
    RETURN NULL;
END $$;

CREATE FUNCTION grand_livre_recompter() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO grand_livre_compteur (dsr, statut, nombre, somme, negatives)
    SELECT dsr, statut, sum(nombre), sum(somme), sum(negative)
    FROM (
        SELECT dsr, statut, 1 AS nombre, greatest(montant_decide, 0) AS somme,
            (coalesce(montant_decide, 1) <= 0)::int AS negative FROM apres
        UNION ALL
        SELECT dsr, statut, -1, -greatest(montant_decide, 0), -(coalesce(montant_decide, 1) <= 0)::int FROM avant
    ) AS changes
    GROUP BY dsr, statut
    HAVING sum(nombre) <> 0 OR sum(somme) <> 0 OR sum(negative) <> 0;
    RETURN NULL;
END $$;

CREATE TRIGGER grand_livre_arrivees AFTER INSERT ON demandes_demande
    REFERENCING NEW TABLE AS apres FOR EACH STATEMENT EXECUTE FUNCTION grand_livre_compter();
CREATE TRIGGER grand_livre_departs AFTER DELETE ON demandes_demande
    REFERENCING OLD TABLE AS avant FOR EACH STATEMENT EXECUTE FUNCTION grand_livre_decompter();
CREATE TRIGGER grand_livre_changements AFTER UPDATE ON demandes_demande
    REFERENCING OLD TABLE AS avant NEW TABLE AS apres
    FOR EACH STATEMENT EXECUTE FUNCTION grand_livre_recompter();

INSERT INTO grand_livre_compteur (dsr, statut, nombre, somme, negatives)
SELECT dsr, statut, count(*), coalesce(sum(greatest(montant_decide, 0)), 0),
    count(*) FILTER (WHERE montant_decide <= 0)
FROM demandes_demande GROUP BY dsr, statut;
"""

DEFAIRE = """
DROP TRIGGER grand_livre_changements ON demandes_demande;
DROP TRIGGER grand_livre_departs ON demandes_demande;
DROP TRIGGER grand_livre_arrivees ON demandes_demande;
DROP FUNCTION grand_livre_recompter();
DROP FUNCTION grand_livre_decompter();
DROP FUNCTION grand_livre_compter();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("grand_livre", "0001_initial"),
        ("paiements", "0002_enveloppes_annuelles"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Compteur",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("dsr", models.CharField(max_length=30)),
                (
                    "statut",
                    models.CharField(
                        choices=[
                            ("NON_COMPLETEE", "Non complétée"),
                            ("EN_COURS", "En cours"),
                            ("EN_ATTENTE_PIECE", "En attente de pièce jointe complémentaire"),
                            ("A_MODIFIER", "A modifier"),
                            ("VALIDEE", "Validée"),
                            ("DECIDEE", "Décidée"),
                            ("REJETEE", "Rejetée"),
                            ("ANNULEE", "Annulée"),
                            ("HISTORISEE", "Historisée"),
                        ],
                        max_length=16,
                    ),
                ),
                ("nombre", models.IntegerField()),
                ("somme", models.DecimalField(decimal_places=2, help_text="euros à payer", max_digits=16)),
                (
                    "negatives",
                    models.IntegerField(help_text="celles dont le montant décidé est nul ou négatif"),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["statut", "dsr"], name="compteur_par_statut")],
            },
        ),
        migrations.CreateModel(
            name="Controle",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("fait_le", models.DateTimeField()),
                ("ecritures", models.PositiveIntegerField()),
                ("anomalies", models.PositiveIntegerField()),
                ("phrases", models.JSONField(default=list, help_text="les premières anomalies")),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("anomalies", 0), ("phrases", [])), ("anomalies__gt", 0), _connector="OR"
                        ),
                        name="controle_dit_ce_qu_il_trouve",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Mouvement",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "genre",
                    models.CharField(
                        choices=[
                            ("CREDIT", "Crédit"),
                            ("REDUCTION", "Réduction"),
                            ("VIREMENT", "Virement vers une autre enveloppe"),
                        ],
                        max_length=10,
                    ),
                ),
                ("montant", models.DecimalField(decimal_places=2, help_text="euros", max_digits=14)),
                ("motif", models.CharField(max_length=300)),
                (
                    "statut",
                    models.CharField(
                        choices=[
                            ("A_APPROUVER", "À approuver"),
                            ("APPROUVE", "Approuvé"),
                            ("REFUSE", "Refusé"),
                            ("RETIRE", "Retiré"),
                        ],
                        max_length=11,
                    ),
                ),
                ("statut_depuis", models.DateTimeField()),
                ("cree_le", models.DateTimeField()),
                ("commentaire", models.TextField(blank=True, help_text="ce qui justifie un refus")),
                (
                    "approbateur",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "auteur",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "destination",
                    models.ForeignKey(
                        blank=True,
                        help_text="celle que le virement crédite",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="paiements.enveloppe",
                    ),
                ),
                (
                    "enveloppe",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="mouvements",
                        to="paiements.enveloppe",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("montant__gt", 0), models.Q(("motif", ""), _negated=True)),
                        name="mouvement_motive",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("destination__isnull", False), ("genre", "VIREMENT")),
                            models.Q(
                                models.Q(("genre", "VIREMENT"), _negated=True), ("destination__isnull", True)
                            ),
                            _connector="OR",
                        ),
                        name="mouvement_vers_une_destination",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("destination__isnull", True),
                            models.Q(("destination", models.F("enveloppe")), _negated=True),
                            _connector="OR",
                        ),
                        name="mouvement_entre_deux_enveloppes",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("approbateur__isnull", True),
                            models.Q(("approbateur", models.F("auteur")), _negated=True),
                            _connector="OR",
                        ),
                        name="mouvement_approuve_par_une_autre_personne",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("approbateur__isnull", False), ("statut__in", ["APPROUVE", "REFUSE"])),
                            models.Q(
                                models.Q(("statut__in", ["APPROUVE", "REFUSE"]), _negated=True),
                                ("approbateur__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="mouvement_juge_par_quelqu_un",
                    ),
                ],
            },
        ),
        migrations.RunSQL(COMPTER, DEFAIRE),
    ]
