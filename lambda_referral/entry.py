"""What AWS is told to call: `lambda_referral.entry.handler`. Made at import, because Lambda calls that its init."""

import os

from lambda_common.aws import connect
from lambda_referral.handler import make_app

handler = make_app(os.environ, connect)
