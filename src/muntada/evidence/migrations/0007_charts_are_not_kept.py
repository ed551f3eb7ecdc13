from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("evidence", "0006_targets_and_assessments")]

    operations = [migrations.DeleteModel(name="Chart")]
