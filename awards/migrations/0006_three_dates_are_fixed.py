"""Fix the receipt for appraisal and the law of the signing: what is written stays.

Why: the law gives these days their effect; nothing but the first sending and the number sets them.
What: a constraint that what was sent has its receipt; triggers on UPDATE of the columns, with the
function of core 0003. An empty law may still be filled in.
Reverse: drops constraint and triggers; no data is touched either way.
Size: one scan of the nominations for the constraint; short locks.
"""

from django.db import migrations, models
from django.db.models import Q

FORWARD = """
CREATE TRIGGER awards_nomination_receipt_fixed BEFORE UPDATE ON awards_nomination
    FOR EACH ROW WHEN (
        (OLD.received_for_appraisal_at IS NOT NULL
         AND NEW.received_for_appraisal_at IS DISTINCT FROM OLD.received_for_appraisal_at)
        OR (OLD.received_law <> '{}'::jsonb
            AND NEW.received_law IS DISTINCT FROM OLD.received_law)
    ) EXECUTE FUNCTION thidua_refuse_change();
CREATE TRIGGER awards_decision_law_fixed BEFORE UPDATE ON awards_decision
    FOR EACH ROW WHEN (
        OLD.signing_law <> '{}'::jsonb AND NEW.signing_law IS DISTINCT FROM OLD.signing_law
    ) EXECUTE FUNCTION thidua_refuse_change();
"""
BACKWARD = """
DROP TRIGGER awards_decision_law_fixed ON awards_decision;
DROP TRIGGER awards_nomination_receipt_fixed ON awards_nomination;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("awards", "0005_receipts_that_stand"),
        ("core", "0003_append_only_log"),
    ]

    operations = [
        migrations.AddConstraint(
            model_name="nomination",
            constraint=models.CheckConstraint(
                name="nomination_sent_is_received",
                condition=Q(state__in=["draft", "withdrawn"])
                | Q(received_for_appraisal_at__isnull=False),
                violation_error_message="Đề nghị đã gửi phải có thời điểm tiếp nhận để thẩm định.",
            ),
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
