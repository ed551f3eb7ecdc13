"""Maps drawn before said "supported" where only steadiness was tested: say what was tested, and the caution."""

from django.db import migrations

VERDICTS = {"supported": "steady", "weakly supported": "partly steady", "not supported": "not steady"}
CAUTION = {
    "sentence": (
        "This tests how steady the division is, not whether there are camps:"
        " one crowd without camps can be divided just as steadily."
    ),
    "params": {},
}


def say_steady(apps, schema_editor):
    maps = apps.get_model("consultation", "OpinionMap").objects.filter(
        result__grouping__steadiness__verdict__in=list(VERDICTS)
    )
    for kept in maps.only("result").iterator(chunk_size=1):
        found = kept.result["grouping"]["steadiness"]
        found["verdict"] = VERDICTS[found["verdict"]]
        found["caution"] = CAUTION
        kept.save(update_fields=["result"])


class Migration(migrations.Migration):
    dependencies = [("consultation", "0010_tables_are_uploads")]
    operations = [migrations.RunPython(say_steady, migrations.RunPython.noop)]
