"""The nginx that ships, for real: TLS, whole requests only, limits that a phone understands."""

import socket
import ssl
from typing import Any
from uuid import uuid4

import httpx

from tests.deploy.conftest import Gunicorn
from tests.deploy.nginx import NAME, Nginx
from tests.photos import pictures
from tests.postgres import ADDRESS
from tests.towns import PASSWORD

API = "/api/v1"


def signed_in(client: httpx.Client, username: str, **headers: str) -> httpx.Response:
    body = {"username": username, "password": PASSWORD}
    return client.post(f"{API}/auth/password", json=body, headers=headers)


def upload(client: httpx.Client, token: str, data: bytes) -> httpx.Response:
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": str(uuid4())}
    return client.post(f"{API}/photos", files={"file": ("a.jpg", data)}, headers=headers)


def refusal(answer: httpx.Response) -> tuple[int, str, str]:
    """What a phone reads of a refusal."""
    return answer.status_code, answer.headers["Content-Type"], answer.json()["code"]


PROBLEM = "application/problem+json"


def test_a_photo_comes_in_and_its_public_address_leads_back(
    outside: httpx.Client, nginx: Nginx
) -> None:
    token = signed_in(outside, "wangge11").json()["access_token"]
    data = pictures.photo()
    photo = upload(outside, token, data).json()
    url = photo["urls"]["received"]
    assert url.startswith(f"https://{NAME}{API}/photos/")
    answer = outside.get(url.removeprefix(f"https://{NAME}"))
    assert (answer.status_code, answer.content) == (200, data)
    assert answer.headers["Strict-Transport-Security"]
    plain = httpx.get(f"http://{ADDRESS}:{nginx.plain}/m", headers={"Host": NAME}, trust_env=False)
    assert (plain.status_code, plain.headers["Location"]) == (301, f"https://{NAME}/m")
    page = outside.get("/m")
    assert page.status_code == 200
    listed = outside.get(f"{API}/openapi.json")
    assert (listed.headers["Content-Encoding"], listed.json()["openapi"][:3]) == ("gzip", "3.1")


def test_what_is_too_large_is_refused_in_words_that_a_phone_reads(outside: httpx.Client) -> None:
    token = signed_in(outside, "wangge11").json()["access_token"]
    # Past the photo's cap, but not past nginx's: the application says so itself.
    over = upload(outside, token, pictures.photo() + bytes(25 * 1024 * 1024))
    assert refusal(over) == (413, PROBLEM, "photo_too_large")
    far_over = upload(outside, token, bytes(27 * 1024 * 1024))
    assert refusal(far_over) == (413, PROBLEM, "request_too_large")
    # A spreadsheet with its archive may be larger.
    headers = {"Authorization": f"Bearer {token}"}
    form = {"file": ("rows.csv", b"x"), "photos": ("photos.zip", bytes(30 * 1024 * 1024))}
    answer = outside.post(f"{API}/tickets/imports", files=form, headers=headers)
    assert answer.status_code == 403


def test_the_address_counted_is_the_clients_and_not_what_it_says(outside: httpx.Client) -> None:
    seen = [
        signed_in(outside, f"nobody{number}", **{"X-Forwarded-For": f"198.51.100.{number}"})
        for number in range(4)
    ]
    assert [answer.status_code for answer in seen] == [401, 401, 401, 429]


def test_metrics_and_readiness_are_for_this_machine(
    outside: httpx.Client, gunicorn: Gunicorn
) -> None:
    # From here through nginx: the application sees that somebody forwards, and wants the token.
    assert outside.get("/metrics").status_code == 403
    assert outside.get("/readyz").status_code == 200
    straight = httpx.get(f"http://{ADDRESS}:{gunicorn.port}/metrics", trust_env=False)
    assert straight.status_code == 200


def slow_upload(nginx: Nginx) -> ssl.SSLSocket:
    """A phone in a stairwell: it has begun an upload and sends no more for now."""
    plain = socket.create_connection((ADDRESS, nginx.secure))
    phone = nginx.trust.wrap_socket(plain, server_hostname=NAME)
    head = (
        f"POST {API}/photos HTTP/1.1\r\nHost: {NAME}\r\nContent-Length: 1000000\r\n"
        "Content-Type: multipart/form-data; boundary=x\r\n\r\n--x\r\n"
    )
    phone.sendall(head.encode())
    return phone


def test_an_army_of_slow_phones_keeps_nobody_waiting(
    outside: httpx.Client, nginx: Nginx, gunicorn: Gunicorn
) -> None:
    phones = [slow_upload(nginx) for _ in range(60)]
    try:
        for _ in range(20):
            assert outside.get("/healthz").status_code == 200
        assert signed_in(outside, "wangge11").status_code == 200
    finally:
        for phone in phones:
            phone.close()


def test_an_application_that_is_away_is_said_as_it_would_say_it_itself(
    outside: httpx.Client, gunicorn: Gunicorn
) -> None:
    assert outside.get("/healthz").status_code == 200
    gunicorn.stop()
    answer: Any = outside.post(f"{API}/auth/password", json={})
    assert refusal(answer) == (503, PROBLEM, "unavailable")
    assert int(answer.headers["Retry-After"]) > 0


def test_a_second_instance_takes_over(gunicorn: Gunicorn, settings: Any, tmp_path: Any) -> None:
    other = Gunicorn(settings, threads=2)
    try:
        other.wait_until_ready()
        with (
            Nginx(tmp_path / "two", gunicorn.port, other.port) as nginx,
            httpx.Client(
                base_url=f"https://{ADDRESS}:{nginx.secure}", verify=nginx.trust,
                headers={"Host": NAME}, trust_env=False,
            ) as client,
        ):  # fmt: skip
            assert all(client.get("/healthz").is_success for _ in range(4))
            gunicorn.stop()
            assert all(client.get("/healthz").is_success for _ in range(4))
    finally:
        other.stop()
