"""Files to and from S3 by boto3: peer_transfer.py ENDPOINT up|down PATH s3://BUCKET/KEY

One file goes by upload_file or download_file. The files of a folder share one transfer manager with its ten threads, as
in aws s3 cp; upload_file would make one for each of them.
"""

import sys
from pathlib import Path

import boto3
from boto3.s3.transfer import TransferConfig, create_transfer_manager


def upload_folder(s3, manager, folder, bucket, prefix):
    files = [path for path in folder.rglob("*") if path.is_file()]
    return [manager.upload(str(path), bucket, f"{prefix}/{path.relative_to(folder)}") for path in files]


def download_folder(s3, manager, folder, bucket, prefix):
    futures = []
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix + "/"):
        for listed in page["Contents"]:
            path = folder / listed["Key"].removeprefix(prefix + "/")
            path.parent.mkdir(parents=True, exist_ok=True)
            futures.append(manager.download(bucket, listed["Key"], str(path)))
    return futures


def main():
    endpoint, direction, path, uri = sys.argv[1:]
    bucket, key = uri.removeprefix("s3://").split("/", 1)
    s3 = boto3.client("s3", endpoint_url=endpoint)
    if Path(path).is_dir():
        with create_transfer_manager(s3, TransferConfig()) as manager:
            start = upload_folder if direction == "up" else download_folder
            for future in start(s3, manager, Path(path), bucket, key):
                future.result()
    elif direction == "up":
        s3.upload_file(path, bucket, key)
    else:
        s3.download_file(bucket, key, path)


if __name__ == "__main__":
    main()
