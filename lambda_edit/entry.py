"""What AWS is told to call: `lambda_edit.entry.handler`. Made at import, because Lambda calls that its init."""

import os

from lambda_common.aws import connect
from lambda_edit.connecting import connect_forges
from lambda_edit.handler import make_app

handler = make_app(os.environ, connect, connect_forges)
