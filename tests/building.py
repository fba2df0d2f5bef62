"""Build an index of the toy documents, for tests and for the processes that tests start and kill."""

import os
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from kb_toys import TOY, ToyEncoder

from kb.build import pipeline
from kb.build.job import BuildJob, build
from kb.index.manifest import inputs_of


def toy_job(indexes, documents=TOY, encoder=None, **fields):
    """Return a build job over toy documents; `fields` replace fields of the job."""
    return BuildJob(
        indexes=Path(indexes),
        documents=lambda: documents,
        tag=lambda document: document,
        encoders={"english": encoder or ToyEncoder()},
        inputs={"toy": str(len(documents))},
        **{"is_addition": True, **fields},
    )


def toy_run(now, say=print, progress=None, coming=None):
    """Build as usual with a toy encoder, without the corpus and without tags."""
    users, inputs = pipeline._Users({}, say), inputs_of(now.corpus, now.library)
    return build(
        BuildJob(
            indexes=now.indexes,
            documents=lambda: pipeline.all_documents(now, users, coming),
            tag=lambda document: document,
            encoders={"english": ToyEncoder()},
            inputs=coming.inputs(inputs) if coming else inputs,
            commit=coming.commit if coming else None,
            left_out=users.left_out,
        )
    )


def stop_in_tagging(document, *_):
    """Print that the build is under way, and wait for ever."""
    print("under way", flush=True)
    time.sleep(60)
    return document


def merge(indexes, how):
    """Merge the segments of an index of toys; 'merge-hang' waits before the vectors, 'merge-full' has no room."""
    from kb.build import growing, merging
    from kb.engine.local import merge as writing

    growing._BESIDE_FROM, growing._GROWN = 1, 1.0
    if how == "merge-hang":
        writing._write_space = stop_in_tagging
    if how == "merge-full":
        no_room(20_000)
    merging.main(indexes)


def no_room(bytes):
    """Let no file of this process become larger than this."""
    import resource
    import signal

    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (bytes, bytes))


def main(indexes, how):
    """Build in this process: 'hang' in the middle, 'grow' and hang, 'full' with no room on the disk, 'now' as usual;
    'merge' the index, and 'merge-hang' in the middle of that."""
    if how.startswith("merge"):
        return merge(indexes, how)
    job = toy_job(indexes)
    if how == "grow":
        from kb.build import growing
        from kb.engine.local import grow

        growing._GROWN, grow._grow_words, job.code = 100.0, stop_in_tagging, "c"
    if how == "hang":
        job.tag = stop_in_tagging
    if how.startswith("full"):
        no_room(int(how[4:]))
    try:
        print(build(job).passages, flush=True)
    except Exception as error:
        print(f"{type(error).__name__}: {error}", flush=True)
        os._exit(4)


if __name__ == "__main__":
    main(*sys.argv[1:3])
