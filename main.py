from chuangwen.app import main

raise SystemExit(main())
