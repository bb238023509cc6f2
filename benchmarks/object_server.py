"""nginx as a sink and source of objects in the manner of S3, for the speed of clients: it checks no signature, keeps
the parts of an upload as they came, and lists what it was told of.

    with ObjectServer(folder, tls=False) as server:
        server.offer("down", folder)   # every file below as an object s3://bench/down/...
        server.received("up")          # what clients have uploaded to s3://bench/up/...
"""

import grp
import hashlib
import os
import pwd
import shutil
import socket
import subprocess
import sys
import time

NGINX = "/usr/sbin/nginx"
# For 127.0.0.1, valid for a day.
CERTIFICATE = ("openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 1 -subj /CN=localhost "
               "-addext subjectAltName=IP:127.0.0.1 -keyout key.pem -out certificate.pem")
BUCKET = "bench"
PAGE = 1000

CONFIG = """\
daemon off;
user {user} {group};
worker_processes 2;
pid {base}/nginx.pid;
error_log {base}/error.log;
events {{ worker_connections 1024; }}
http {{
  access_log off;
  default_type application/xml;
  sendfile on;
  tcp_nopush on;
  keepalive_requests 1000000;
  client_max_body_size 0;
  client_body_temp_path {base}/body;
  proxy_temp_path {base}/unused;
  fastcgi_temp_path {base}/unused;
  uwsgi_temp_path {base}/unused;
  scgi_temp_path {base}/unused;
  map $request_method $etag_of_put {{ default ""; PUT '"0"'; }}
  map $args $listed {{ default ""; "~(^|&)prefix=(?<prefix>[a-z]+)" $prefix; }}
  map $args $page {{ default 0; "~continuation-token=(?<token>[0-9]+)" $token; }}
  server {{
    listen 127.0.0.1:{port}{ssl};
    root {base}/objects;
    dav_methods PUT;
    create_full_put_path on;
    add_header ETag $etag_of_put;
    if ($arg_partNumber) {{ rewrite ^(.*)$ /parts$1/$arg_partNumber last; }}
    if ($arg_list-type) {{ rewrite ^ /listing/$listed/$page.xml last; }}
    if ($args ~ ^uploads) {{
      return 200 '<InitiateMultipartUploadResult><UploadId>1</UploadId></InitiateMultipartUploadResult>';
    }}
    if ($request_method = POST) {{
      return 200 '<CompleteMultipartUploadResult><ETag>"0-1"</ETag></CompleteMultipartUploadResult>';
    }}
    location /parts/ {{ root {base}; }}
    location /listing/ {{ root {base}; }}
  }}
}}
"""


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def sha256(files):
    """Of the files' contents, one after the other."""
    digest = hashlib.sha256()
    for path in files:
        with open(path, "rb") as file:
            while piece := file.read(1 << 20):
                digest.update(piece)
    return digest.hexdigest()


def files_below(folder):
    return sorted(path for path in folder.rglob("*") if path.is_file())


def digests(folder):
    """SHA-256 of every file below the folder, by its path in it."""
    return {str(path.relative_to(folder)): sha256([path]) for path in files_below(folder)}


def listing(objects, next_page):
    """One page of ListObjectsV2."""
    contents = "".join(f"<Contents><Key>{key}</Key><LastModified>2026-01-01T00:00:00.000Z</LastModified>"
                       f"<ETag>\"0\"</ETag><Size>{size}</Size></Contents>" for key, size in objects)
    more = f"<IsTruncated>true</IsTruncated><NextContinuationToken>{next_page}</NextContinuationToken>"
    return (f"<ListBucketResult><Name>{BUCKET}</Name>{more if next_page else '<IsTruncated>false</IsTruncated>'}"
            f"{contents}</ListBucketResult>")


class ObjectServer:
    def __init__(self, base, tls=False):
        self.base = base
        self.tls = tls
        self.certificate = base / "certificate.pem"

    def __enter__(self):
        if not os.path.exists(NGINX):
            sys.exit(f"error: '{NGINX}' is not there\n  = fix: tools/packages.sh install dev")
        port = free_port()
        config = self._write_config(port)
        self.process = subprocess.Popen([NGINX, "-e", self.base / "error.log", "-c", config], stderr=subprocess.DEVNULL)
        self._wait_for(port)
        self.url = f"{'https' if self.tls else 'http'}://127.0.0.1:{port}"
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()

    def _write_config(self, port):
        ssl = ""
        if self.tls:
            subprocess.run(CERTIFICATE.split(), cwd=self.base, check=True, stderr=subprocess.DEVNULL)
            ssl = f" ssl; ssl_certificate {self.certificate}; ssl_certificate_key {self.base}/key.pem"
        user = pwd.getpwuid(os.getuid())
        group = grp.getgrgid(user.pw_gid).gr_name
        path = self.base / "nginx.conf"
        path.write_text(CONFIG.format(base=self.base, port=port, ssl=ssl, user=user.pw_name, group=group))
        return path

    def _wait_for(self, port):
        for _ in range(500):
            if self.process.poll() is not None:
                sys.exit("error: nginx did not start:\n" + (self.base / "error.log").read_text())
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    return
            time.sleep(0.01)
        self.__exit__()
        sys.exit("error: nginx does not listen after 5 s")

    def offer(self, prefix, folder):
        objects = []
        for path in files_below(folder):
            key = f"{prefix}/{path.relative_to(folder)}"
            place = self.base / "objects" / BUCKET / key
            place.parent.mkdir(parents=True, exist_ok=True)
            os.link(path, place)
            objects.append((key, path.stat().st_size))
        self._list(prefix, objects)

    def forget(self, prefix):
        for kind in ("objects", "parts"):
            shutil.rmtree(self.base / kind / BUCKET / prefix, ignore_errors=True)
        self._list(prefix, [])

    def _list(self, prefix, objects):
        folder = self.base / "listing" / prefix
        folder.mkdir(parents=True, exist_ok=True)
        pages = [objects[at:at + PAGE] for at in range(0, len(objects), PAGE)] or [[]]
        for number, page in enumerate(pages):
            next_page = number + 1 if number + 1 < len(pages) else None
            (folder / f"{number}.xml").write_text(listing(page, next_page))

    def received(self, prefix):
        """SHA-256 of every object that was uploaded, by its key below the prefix; the parts of one count together."""
        found = digests(self.base / "objects" / BUCKET / prefix)
        root = self.base / "parts" / BUCKET / prefix
        for folder in {part.parent for part in files_below(root)}:
            parts = sorted(folder.iterdir(), key=lambda part: int(part.name))
            found[str(folder.relative_to(root))] = sha256(parts)
        return found
