"""A passkey (通行密钥) is made and signs in, with an authenticator that the browser itself plays."""

from __future__ import annotations

import factories
from browser.test_people import sign_up
from browser.window import IN_A_BROWSER, opened, press, seen, violations

pytestmark = IN_A_BROWSER
AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
}


def test_a_passkey_signs_in(browser, site):
    page = opened(browser)
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    device.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    sign_up(page, site, "周宁", "zhou@example.org")
    page.goto(f"{site}/accounts/2fa/webauthn/add/")
    if "reauthenticate" in page.url:
        page.locator("[name=password]").fill(factories.PASSWORD)
        press(page, page.locator("main form button[type=submit]").first)
    assert violations(page, "passkey") == {}
    seen(page, "passkey-add")
    page.locator("[name=passwordless]").check()
    page.get_by_label("名称").fill("手机")  # the library's own label is English
    press(page, page.locator("#mfa_webauthn_add"))
    page.goto(f"{site}/accounts/2fa/webauthn/")
    assert "手机" in page.locator("main").inner_text()
    seen(page, "passkey-list")
    page.context.clear_cookies()
    page.goto(f"{site}/accounts/login/")
    press(page, page.locator("#passkey_login"))
    page.wait_for_url(f"{site}/desk/")
    assert page.get_by_role("heading", level=1).inner_text() == "我的工作台"
    assert page.said == []
