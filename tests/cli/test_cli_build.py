"""`kb build`: where the address of a Dask scheduler comes from, and the error if it does not answer."""

import pytest
from click.testing import CliRunner

from kb.cli.main import main, root


@pytest.fixture
def built(monkeypatch, tmp_path):
    """Return the list of addresses given to builds; each build stops there."""
    seen = []

    def run(config, *_, **__):
        """Record the address and stop."""
        seen.append(config.dask)
        raise KeyboardInterrupt

    monkeypatch.setenv("KB_WORKSPACE", str(tmp_path))
    monkeypatch.setattr("kb.build.pipeline.run", run)
    return seen


def test_a_scheduler_is_named_by_an_option_or_by_the_environment_and_by_default_nobody_is(built, monkeypatch):
    CliRunner().invoke(root, ["build"])
    monkeypatch.setenv("KB_DASK", "tcp://one:8786")
    CliRunner().invoke(root, ["build"])
    CliRunner().invoke(root, ["build", "--dask", "tcp://other:8786"])
    assert built == ["", "tcp://one:8786", "tcp://other:8786"]


def test_a_scheduler_that_does_not_answer_is_reported_with_what_to_do(monkeypatch, tmp_path, capsys):
    pytest.importorskip("distributed")
    from kb.build.workers import Cluster

    monkeypatch.setenv("KB_WORKSPACE", str(tmp_path))
    monkeypatch.setattr("kb.build.workers._PATIENCE", 1)
    monkeypatch.setattr("kb.build.pipeline.run", lambda config, *_, **__: Cluster(config.dask).client)
    with pytest.raises(SystemExit) as ended:
        main(["build", "--dask", "tcp://127.0.0.1:9"])
    said = capsys.readouterr().err
    assert ended.value.code == 4 and "tcp://127.0.0.1:9: no scheduler of Dask answers" in said
    assert "unset KB_DASK" in said
